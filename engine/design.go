package engine

import (
	"sendoff/engine/block"
	"sendoff/engine/delivery"
)

// design makes the HTML of a content that has a design, so that the two never
// disagree, and writes the design as it is always written. The errors are those
// of block.Parse and block.HTML.
func design(c delivery.Content) (delivery.Content, error) {
	if c.Design == "" {
		return c, nil
	}
	d, err := block.Parse([]byte(c.Design))
	if err != nil {
		return c, err
	}
	if c.HTML, err = block.HTML(d); err != nil {
		return c, err
	}
	c.Design, c.Language = string(d.JSON()), d.Language
	return c, nil
}
