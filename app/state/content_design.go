package state

import "sendoff/engine/delivery"

// contentDesign is the blocks that a content was made of.
func contentDesign(delivery.Content) string { return "" }
