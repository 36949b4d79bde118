package credential

// Claims is an immutable view of a JSON object of claims. The zero value is
// empty.
type Claims struct {
	members map[string]any
}
