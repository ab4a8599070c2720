// Sdkgen writes the SDKs of a package: sdkgen SCHEMA.json FOLDER.
//
// They are what `pulumi package gen-sdk --local` writes. That asks the language hosts of the engine's own
// version, and those are in no registry of modules; what the hosts call for it is.
package main

import (
	"encoding/json"
	"log"
	"os"
	"path/filepath"

	golang "github.com/pulumi/pulumi/pkg/v3/codegen/go"
	"github.com/pulumi/pulumi/pkg/v3/codegen/nodejs"
	"github.com/pulumi/pulumi/pkg/v3/codegen/python"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

// What each language host calls, under the name that it gives itself.
var languages = map[string]func(*schema.Package) (map[string][]byte, error){
	"nodejs": func(pkg *schema.Package) (map[string][]byte, error) {
		return nodejs.GeneratePackage("pulumi-language-nodejs", pkg, nil, nil, true, nil)
	},
	"python": func(pkg *schema.Package) (map[string][]byte, error) {
		return python.GeneratePackage("pulumi-language-python", pkg, nil, nil)
	},
	"go": func(pkg *schema.Package) (map[string][]byte, error) {
		return golang.GeneratePackage("pulumi-language-go", pkg, nil)
	},
}

func main() {
	log.SetFlags(0)
	text, err := os.ReadFile(os.Args[1])
	check(err)
	for language, generate := range languages {
		files, err := generate(bind(text))
		check(err)
		for name, content := range files {
			path := filepath.Join(os.Args[2], language, name)
			check(os.MkdirAll(filepath.Dir(path), 0o755))
			check(os.WriteFile(path, content, 0o644))
		}
	}
}

// A package again for each language: they write into it.
func bind(text []byte) *schema.Package {
	var spec schema.PackageSpec
	check(json.Unmarshal(text, &spec))
	pkg, problems, err := schema.BindSpec(spec, schema.NewNullLoader(), schema.ValidationOptions{})
	check(err)
	if problems.HasErrors() {
		check(problems)
	}
	return pkg
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
