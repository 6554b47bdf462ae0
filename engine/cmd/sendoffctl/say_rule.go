package main

import (
	"fmt"

	"sendoff/engine/delivery"
	"sendoff/engine/rule"
)

// sayRule says what is wrong with the rule of an audience, and where.
func sayRule(e *delivery.Error) string {
	return fmt.Sprintf("The rule cannot be used%s: %s.", place(e), ruleFault(e.Field, e.Detail))
}

// ruleFault is the half-sentence for a fault of a rule.
func ruleFault(code, detail string) string {
	switch code {
	case rule.FaultUnexpected:
		if detail == "" {
			return "something is missing at its end. Write it as city is \"Utrecht\" and age >= 18"
		}
		return fmt.Sprintf("%s does not belong there. Texts stand in quotation marks, as in city is \"Utrecht\"", detail)
	case rule.FaultText:
		return "a text is empty, or its quotation mark is not closed. To find people without a value, write is empty"
	case rule.FaultNumber:
		return fmt.Sprintf("“%s” is no number. Write it as 1234.5", detail)
	case rule.FaultDate:
		return fmt.Sprintf("“%s” is no date. Write it as 2026-12-31", detail)
	case rule.FaultDays:
		return fmt.Sprintf("days are counted from 1 to %d", rule.MaxDays)
	case rule.FaultParts:
		return fmt.Sprintf("parts are numbered from 1, of 2 to %d. Write it as random part 1 of 3 seed 7", rule.MaxParts)
	case rule.FaultKind:
		return fmt.Sprintf("“%s” cannot be compared in this way. Texts stand in quotation marks, numbers and dates do not", detail)
	case rule.FaultDepth:
		return fmt.Sprintf("its parentheses are nested deeper than %d. Save a part of it as an audience of its own, and use in audience", rule.MaxDepth)
	case rule.FaultSize:
		return "it is too long. Save a part of it as an audience of its own, and use in audience"
	case rule.FaultField:
		return fmt.Sprintf("nobody has a field “%s”. See the fields in sendoffctl audience list", detail)
	case rule.FaultAudience:
		return fmt.Sprintf("there is no audience “%s”. See sendoffctl audience list", detail)
	case rule.FaultDelivery:
		return fmt.Sprintf("there is no delivery “%s”. See sendoffctl delivery list", detail)
	case rule.FaultCycle:
		return fmt.Sprintf("it would need itself, through the audience “%s”. Leave that one out", detail)
	}
	return fmt.Sprintf("it has a part “%s” that does not belong in a rule. Write it anew", detail)
}
