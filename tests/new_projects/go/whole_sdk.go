package main

// What the program doesn't use, so that it is compiled and vetted as well.
import _ "example.com/pulumi-org-features/sdk/go/orgfeatures/config"
