//go:build tools

// Package tools pins the engine: its import keeps go.mod and go.sum complete. Nothing here is compiled.
package tools

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
