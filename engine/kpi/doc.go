// Package kpi has every figure that Sendoff shows of a delivery, each formula
// once and each rate with its denominator. Dashboard, shell, reports and exports
// ask here, so they cannot disagree.
//
// It does not count: the figures come from a ledger that the store keeps. It is
// pure; its functions are safe for concurrent use.
package kpi
