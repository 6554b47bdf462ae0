package block

// stack is what a font is in CSS; the last but one is what Outlook has.
func stack(f Font) string {
	switch f {
	case FontSans:
		return "'Helvetica Neue',Helvetica,Arial,sans-serif"
	case FontHumanist:
		return "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Arial,sans-serif"
	case FontGeometric:
		return "'Avenir Next',Avenir,'Century Gothic',Futura,Arial,sans-serif"
	case FontSerif:
		return "Georgia,'Times New Roman',Times,serif"
	case FontBook:
		return "'Palatino Linotype',Palatino,'Book Antiqua',Georgia,serif"
	case FontMono:
		return "'Courier New',Courier,monospace"
	}
	return ""
}
