// Feeds documents to cyclonedx-go, which Trivy, Syft, GUAC and others are built on: decodes and encodes them.
//
// usage: cyclonedx-go OUTPUT-FOLDER FILE...
// Prints one JSON object for each file.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	cdx "github.com/CycloneDX/cyclonedx-go"
)

type result struct {
	File     string `json:"file"`
	Version  string `json:"version"`
	Accepted bool   `json:"accepted"`
	Output   string `json:"output,omitempty"`
	Reason   string `json:"reason,omitempty"`
}

func feed(path, folder string) (string, error) {
	input, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer input.Close()
	format := cdx.BOMFileFormatJSON
	if strings.HasSuffix(path, ".xml") {
		format = cdx.BOMFileFormatXML
	}
	bom := new(cdx.BOM)
	if err := cdx.NewBOMDecoder(input, format).Decode(bom); err != nil {
		return "", err
	}
	target := filepath.Join(folder, filepath.Base(path)+".json")
	output, err := os.Create(target)
	if err != nil {
		return "", err
	}
	defer output.Close()
	return target, cdx.NewBOMEncoder(output, cdx.BOMFileFormatJSON).SetPretty(true).Encode(bom)
}

func version() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, module := range info.Deps {
			if module.Path == "github.com/CycloneDX/cyclonedx-go" {
				return strings.TrimPrefix(module.Version, "v")
			}
		}
	}
	return ""
}

func main() {
	for _, path := range os.Args[2:] {
		line := result{File: path, Version: version(), Accepted: true}
		target, err := feed(path, os.Args[1])
		if err != nil {
			line.Accepted, line.Reason = false, err.Error()
		} else {
			line.Output = target
		}
		text, _ := json.Marshal(line)
		fmt.Println(string(text))
	}
}
