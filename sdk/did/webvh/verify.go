package webvh

import "slices"

// verifier goes through a log, entry by entry.
type verifier struct {
	log    *Log
	before *active // after the entries so far; nil before the first
	// approvers is who must approve each entry; empty where nobody must.
	approvers []witnessList
}

// add verifies the next entry: everything of §Read (Resolve) but witnesses, whose
// approval of a later entry counts for the earlier ones.
func (v *verifier) add(e *entry) error {
	first := v.before == nil
	if err := v.follows(e, first); err != nil {
		return err
	}
	keys, err := e.parameters.keys(v.before)
	if err != nil {
		return err
	}
	if err := e.verifyProofs(keys); err != nil {
		return err
	}
	if err := v.renames(e, first); err != nil {
		return err
	}
	after := e.parameters.after(v.before)
	v.approvers = append(v.approvers, approvers(v.before, after))
	v.before = &after
	l := v.log
	l.DID, l.Portable = e.document.ID, after.portable
	l.Deactivated = e.parameters.deactivated != nil && *e.parameters.deactivated
	if first {
		l.TTL = defaultTTL
	}
	if e.parameters.ttl != nil {
		l.TTL = *e.parameters.ttl
	}
	l.versions = append(l.versions, Version{ID: e.versionID, Time: e.time, Document: e.document})
	return nil
}

// follows checks that an entry is the next one: its number, hash and time, and
// what may stand only in the first.
func (v *verifier) follows(e *entry, first bool) error {
	p := &e.parameters
	if first {
		switch {
		case e.number != 1:
			return refuse("the first version is not 1")
		case p.method == nil || p.scid == nil || p.updateKeys == nil:
			return malformed("the first entry lacks one of method, scid, updateKeys")
		case !isHash(*p.scid):
			return malformed("scid is no hash")
		}
		v.log.SCID = *p.scid
		if err := e.verifySCID(*p.scid); err != nil {
			return err
		}
		return e.verifyHash(*p.scid)
	}
	last := v.log.latest()
	switch {
	case v.log.Deactivated:
		// "If set to true, [...] no further updates to the DID are permitted."
		return refuse("it follows the deactivation")
	case e.number != uint64(len(v.log.versions))+1:
		return refuse("its number is not one more than the last")
	case p.scid != nil:
		return malformed("scid stands in another than the first entry")
	case !e.time.After(last.Time):
		return refuse("its time is not after that of the entry before")
	case p.portable != nil && *p.portable && !v.before.portable:
		// "Can ONLY be set to true in the first entry."
		return refuse("it makes the DID portable later than in the first entry")
	}
	return e.verifyHash(last.ID)
}

// renames checks the name of the document. §DID Portability: the SCID stays, the
// DID must be portable, and the former name "MUST" be "an alsoKnownAs entry".
func (v *verifier) renames(e *entry, first bool) error {
	if scidOf(e.document.ID) != v.log.SCID {
		return refuse("its document has another SCID")
	}
	if first || e.document.ID == v.log.DID {
		return nil
	}
	portable := v.before.portable && (e.parameters.portable == nil || *e.parameters.portable)
	if !portable {
		return refuse("its document has another name, and the DID is not portable")
	}
	if !e.alsoKnownAs(v.log.DID) {
		return refuse("its document has another name and does not tell the former one")
	}
	return nil
}

// approvers is who must approve an entry (§Witness Lists): the list that applied
// before it, since a new one "becomes active AFTER the new DID log entry has been
// published"; or its own, where none applied: "If the witness property is updated
// from {}, the change is immediately active".
func approvers(before *active, after active) witnessList {
	if before != nil && before.witness.threshold > 0 {
		return before.witness
	}
	return after.witness
}

// witnessed is §Verifying Witness Proofs During Resolution.
func (v *verifier) witnessed(file []byte) error {
	if !slices.ContainsFunc(v.approvers, func(w witnessList) bool { return w.threshold > 0 }) {
		return nil
	}
	approved, err := v.approvals(file)
	if err != nil {
		return err
	}
	for n, list := range v.approvers {
		count := 0
		for _, id := range list.ids {
			// "for the current or any later published log entries"
			if at, ok := approved[id]; ok && at >= n {
				count++
			}
		}
		if count < list.threshold {
			return lacking()
		}
	}
	return nil
}
