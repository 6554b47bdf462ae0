package content

import (
	"sendoff/app/panel/blocks"
	"sendoff/app/panel/content/session"
	"sendoff/app/panel/preview"
)

// The tabs, by the names that a panel.Place uses.
const (
	TabDesign   = "design"
	TabSource   = "source"
	TabText     = "text"
	TabPreview  = "preview"
	TabChecks   = "checks"
	TabSettings = "settings"
)

// maker makes the pane of a tab.
type maker struct {
	tab  string
	make func(*session.Session) session.Pane
}

// makers are the tabs in their order.
func makers() []maker {
	return []maker{
		{TabDesign, blocks.New},
		{TabSource, newSource},
		{TabText, newPlain},
		{TabPreview, preview.New},
		{TabChecks, newChecks},
		{TabSettings, newSettings},
	}
}
