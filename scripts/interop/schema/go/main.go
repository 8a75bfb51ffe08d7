// validate SCHEMA DOCUMENTS: a digit for each line of the file with documents, 1 for one that meets the schema.
package main

import (
	"bufio"
	"fmt"
	"os"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

func must[T any](value T, err error) T {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	return value
}

func main() {
	compiler := jsonschema.NewCompiler()
	document := must(jsonschema.UnmarshalJSON(must(os.Open(os.Args[1]))))
	must(0, compiler.AddResource("schema.json", document))
	schema := must(compiler.Compile("schema.json"))
	lines := bufio.NewScanner(must(os.Open(os.Args[2])))
	lines.Buffer(make([]byte, 1<<20), 1<<27)
	for lines.Scan() {
		value := must(jsonschema.UnmarshalJSON(strings.NewReader(lines.Text())))
		if schema.Validate(value) == nil {
			fmt.Print("1")
		} else {
			fmt.Print("0")
		}
	}
	must(0, lines.Err())
	fmt.Println()
}
