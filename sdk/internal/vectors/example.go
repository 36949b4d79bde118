package vectors

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
)

// Example reads an example as it stands in a W3C specification's text, which leaves
// things out with dots, the proof too, and explains others in comments.
func Example(t testing.TB, path string) map[string]any {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, line := range strings.Split(string(data), "\n") {
		if l := strings.TrimSpace(line); !strings.HasPrefix(l, "//") && l != "..." && !strings.Contains(l, `"proof"`) {
			lines = append(lines, line)
		}
	}
	text := strings.Join(strings.Fields(strings.Join(lines, " ")), " ")
	text = strings.NewReplacer(", }", " }", ", ]", " ]").Replace(text)
	var doc map[string]any
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return doc
}
