package dcql

import (
	"bytes"
	"slices"

	"github.com/dzong-id/dzong/sdk/credential"
)

// Query is a parsed DCQL query. It is immutable and safe for concurrent use.
type Query struct {
	json        []byte
	credentials []credentialQuery
	sets        []credentialSet // nil: every query must be answered
}

// credentialQuery is §6.1.
type credentialQuery struct {
	id          string
	format      string
	multiple    bool
	meta        meta
	authorities []authority
	unbound     bool // require_cryptographic_holder_binding is false
	claims      []claim
	claimSets   [][]int // indices into claims, in order of preference; nil: all of them
}

// meta is what Appendix B defines for each format. What is absent demands nothing.
type meta struct {
	vcts     []string
	doctype  string
	typeSets [][]string
}

// authority is §6.1.1.
type authority struct {
	kind   string
	values []string
	aki    [][]byte // values, decoded, where kind is aki
}

// claim is §6.3.
type claim struct {
	id     string
	text   string // the path as JSON
	path   []any  // string, nil or int
	values []any  // string, int64 or bool; nil: any value
}

// credentialSet is §6.2.
type credentialSet struct {
	options  [][]int // indices into the credential queries
	optional bool
}

// JSON is the query as it was read, as a copy, to be sent to a wallet.
func (q *Query) JSON() []byte { return bytes.Clone(q.json) }

// IDs is the ids of the credential queries, in their order.
func (q *Query) IDs() []string {
	ids := make([]string, len(q.credentials))
	for i := range q.credentials {
		ids[i] = q.credentials[i].id
	}
	return ids
}

// Multiple reports whether more than one credential may answer the query named
// id; false if there is none of that name.
func (q *Query) Multiple(id string) bool {
	i := q.index(id)
	return i >= 0 && q.credentials[i].multiple
}

func (q *Query) index(id string) int {
	return slices.IndexFunc(q.credentials, func(c credentialQuery) bool { return c.id == id })
}

// formats maps the identifiers of Appendix B to the forms of this SDK. A format it
// does not define goes by this SDK's own name: "other specifications or
// deployments can define their own".
var formats = map[string]credential.Format{
	"dc+sd-jwt":   credential.FormatSDJWTVC,
	"mso_mdoc":    credential.FormatMDoc,
	"ldp_vc":      credential.FormatLDPVC,
	"jwt_vc_json": credential.FormatJWTVC,
}

func formatOf(name string) credential.Format {
	if f, ok := formats[name]; ok {
		return f
	}
	return credential.Format(name)
}
