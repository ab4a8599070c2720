//go:build tools

// Package tools pins the language host of Go programs. v3.66.0 is the last tagged module that contains it.
// Nothing here is compiled.
package tools

import _ "github.com/pulumi/pulumi/sdk/v3/go/pulumi-language-go"
