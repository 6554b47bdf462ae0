package rule

import "sendoff/engine/delivery"

// CheckFields looks up the fields of a rule among those that people have: there is
// one of the name, and its values can be what the condition compares them with.
// The errors are of KindRule, FaultField and FaultKind.
func (e Expr) CheckFields(fields []delivery.Field) error {
	types := make(map[string]delivery.FieldType, len(fields))
	for _, f := range fields {
		types[f.Name] = f.Type
	}
	var failed error
	e.Walk(func(x *Expr) {
		if failed != nil || !x.Op.ofField() || x.Field == FieldEmail || x.Field == FieldAdded {
			return
		}
		t, ok := types[x.Field]
		switch {
		case !ok:
			failed = fault(FaultField, x.Field)
		case !compares(t, *x):
			failed = fault(FaultKind, x.Field)
		}
	})
	return failed
}

// compares reports whether values of a type can be what a condition asks for. A
// text may be anything.
func compares(t delivery.FieldType, e Expr) bool {
	k := Kind("")
	switch {
	case len(e.Values) > 0:
		k = e.Values[0].Kind
	case e.Op == InLast || e.Op == NotInLast:
		k = Date
	}
	want := map[Kind]delivery.FieldType{Number: delivery.FieldNumber, Date: delivery.FieldDate, Bool: delivery.FieldBool}[k]
	return want == "" || t == want || t == delivery.FieldText || t == ""
}
