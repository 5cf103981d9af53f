//go:build tools

// Package engine exists to pin what `go build` makes Pulumi's CLI from.
package engine

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
