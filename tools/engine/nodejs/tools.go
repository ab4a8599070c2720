//go:build tools

// Package tools pins the language host of TypeScript and JavaScript programs. v3.68.0 is the last tagged module
// that contains it. Nothing here is compiled.
package tools

import _ "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs"
