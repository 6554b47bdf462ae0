package delivery

import "slices"

// FieldType is what the values of a field are. They are kept as text in one
// form, whatever form they were read in, so that rules and templates need not
// guess.
type FieldType string

// Types of fields, and how their values are kept.
const (
	FieldText     FieldType = "text"     // as it is; the zero value means the same
	FieldNumber   FieldType = "number"   // "-1234.5": no grouping, a point, no exponent
	FieldDate     FieldType = "date"     // "2006-01-02"
	FieldBool     FieldType = "bool"     // "yes" or "no"
	FieldLanguage FieldType = "language" // BCP 47 tag, such as "nl" or "pt-BR"
	FieldZone     FieldType = "zone"     // IANA name, such as "Europe/Amsterdam"
	FieldCountry  FieldType = "country"  // ISO 3166-1 alpha-2, such as "NL"
)

// FieldTypes lists them, text first.
func FieldTypes() []FieldType {
	return []FieldType{FieldText, FieldNumber, FieldDate, FieldBool, FieldLanguage, FieldZone, FieldCountry}
}

// Field is a column of what we know of people.
type Field struct {
	Name   string    `json:"name"` // by which templates and rules know it
	Type   FieldType `json:"type"`
	Label  string    `json:"label,omitempty"`  // header under which it was first imported; empty when a person typed it
	Sample string    `json:"sample,omitempty"` // a value that it had when it was last imported
}

// FieldsOf are the fields of a list, and all of them for a rule or for no audience.
func FieldsOf(all []Field, as []Audience, audience int64) []Field {
	i := slices.IndexFunc(as, func(a Audience) bool { return a.ID == audience })
	if i < 0 || len(as[i].Columns) == 0 {
		return all
	}
	return slices.DeleteFunc(slices.Clone(all), func(f Field) bool { return !slices.Contains(as[i].Columns, f.Name) })
}
