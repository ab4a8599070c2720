//go:build tools

// Package tools pins actionlint: its import keeps go.mod and go.sum complete. Nothing here is compiled.
package tools

import _ "github.com/rhysd/actionlint/cmd/actionlint"
