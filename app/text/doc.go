// Package text turns the engine's codes into sentences, and numbers, dates and
// durations into what a person of one language reads. It knows no widget and
// keeps no global: whoever speaks is given a *Catalog.
//
// A Catalog does not change after Load and is safe for concurrent use.
package text
