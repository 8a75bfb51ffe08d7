// Orders pairs of versions: lines of ecosystem, a and b, parted by tabs.
package main

import (
	"bufio"
	"fmt"
	"os"
	"strings"

	"github.com/google/osv-scalibr/semantic"
)

func main() {
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		f := strings.Split(in.Text(), "\t")
		v, err := semantic.Parse(f[1], f[0])
		if err != nil {
			fmt.Println("none")
			continue
		}
		order, err := v.CompareStr(f[2])
		if err != nil {
			fmt.Println("none")
			continue
		}
		fmt.Println(order)
	}
}
