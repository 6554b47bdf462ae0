// Package sample holds the designed delivery of a training workspace, in English
// and Dutch. The sender, the shop and the links do not exist: their domains end
// in ".example" (RFC 2606 section 2).
//
// It is pure: texts and nothing else. Its functions are safe for concurrent use.
package sample
