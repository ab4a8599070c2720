//go:build tools

// Package tools pins the language host of YAML programs, which has a module of its own. Nothing here is
// compiled.
package tools

import _ "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml"
