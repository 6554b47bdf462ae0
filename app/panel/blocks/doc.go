// Package blocks is the tab on which a letter is put together from blocks: a
// palette at the left, the letter as it will look in the middle, and what belongs
// to the chosen block, or to the brand, at the right. Without a design it shows
// templates to begin with.
//
// Everything here lives on the UI goroutine; files and pictures are read off it.
package blocks
