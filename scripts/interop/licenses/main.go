// Says of each licence text, whose path stands on a line of the input, what google/licensecheck finds in it, as JSON.
package main

import (
	"bufio"
	"encoding/json"
	"os"

	"github.com/google/licensecheck"
)

type found struct {
	Path    string   `json:"path"`
	IDs     []string `json:"ids"`
	Percent float64  `json:"percent"`
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	out := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		text, err := os.ReadFile(lines.Text())
		if err != nil {
			panic(err)
		}
		coverage := licensecheck.Scan(text)
		ids := []string{}
		for _, match := range coverage.Match {
			if !match.IsURL {
				ids = append(ids, match.ID)
			}
		}
		if err := out.Encode(found{lines.Text(), ids, coverage.Percent}); err != nil {
			panic(err)
		}
	}
}
