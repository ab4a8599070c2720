//go:build tools

// Package tools pins the Python language host, which needs older modules than the engine: hence a
// go.mod of its own. v3.79.0 is the last tagged module that contains it. Nothing here is compiled.
package tools

import _ "github.com/pulumi/pulumi/sdk/v3/python/cmd/pulumi-language-python"
