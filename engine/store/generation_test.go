package store_test

import (
	"testing"

	"sendoff/engine/delivery"
)

// TestWhoWasTakenOverWritesNothing: whoever opened the workspace last has it alone,
// whatever the kind of transaction.
func TestWhoWasTakenOverWritesNothing(t *testing.T) {
	dir := t.TempDir()
	first := open(t, dir)
	importPeople(t, first, "Before", people(3)...)
	im, err := first.BeginImport(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer im.Discard()
	if err := im.Add(person(9)); err != nil {
		t.Fatal(err)
	}
	second := open(t, dir)
	was := everything(t, second)
	for name, write := range map[string]func() error{
		"an import":  func() error { _, _, err := im.Merge(ctx, marieke, "After", "x.csv", nil); return err },
		"an undo":    func() error { _, err := first.UndoImport(ctx, marieke, 1); return err },
		"a deletion": func() error { return first.DeleteProfile(ctx, marieke, 1) },
	} {
		if err := write(); !delivery.Is(err, delivery.KindTakenOver) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := everything(t, second); got != was {
		t.Errorf("it wrote\n%s\nwas\n%s", got, was)
	}
}
