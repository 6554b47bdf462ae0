// Package plotting draws series over time as pictures: lines and areas on a
// transparent ground, with readable axes. It is the only user of gonum, and
// knows neither Fyne nor what the series mean.
//
// A Renderer is safe for concurrent use; nothing is kept between two calls.
package plotting
