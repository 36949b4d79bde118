package cases

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// Write writes the case and the files it names into dir, which is made if it is
// not there.
func (c *Case) Write(dir string, files map[string][]byte) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("write case: %w", err)
	}
	data, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		return fmt.Errorf("write case %s: %w", dir, err)
	}
	if err := os.WriteFile(filepath.Join(dir, FileName), append(data, '\n'), 0o644); err != nil {
		return fmt.Errorf("write case: %w", err)
	}
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			return fmt.Errorf("write case: %w", err)
		}
	}
	return nil
}
