package jwtvc

import (
	"os"
	"path/filepath"
)

// vectorsFolder is where other people's test material is, if it is at hand.
func vectorsFolder() string {
	if dir := os.Getenv("DZONG_VECTORS"); dir != "" {
		return dir
	}
	return filepath.Join("..", "..", "..", "shared", "vectors")
}
