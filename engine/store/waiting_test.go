package store_test

import (
	"slices"
	"testing"
	"time"

	"sendoff/engine/delivery"
	"sendoff/engine/queue"
)

// TestClaimIsTheRow: what a claim hands out is what the row says, whatever is in
// it. Texts begin with what could be taken for the length of the next one.
func TestClaimIsTheRow(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	fields := []string{`{}`, `{"a":"1 2 3 "}`, `{"a":"Zoë — ’s-Hertogenbosch","b":"🙂"}`, `{"a":"\u0000\n"}`, "12 34 {}", " ", ""}
	addresses := []string{"0 1@x.example", "12@x.example", "zoë@x.example", " @x.example"}
	n := len(fields) * len(addresses)
	id := plan(t, s, n)
	db := raw(t, dir)
	want := make([]queue.Job, n)
	for i := range want {
		j := &want[i]
		j.Ref = queue.Ref{Delivery: id, Seq: int64(i + 1)}
		j.Attempt, j.Address, j.Fields = 1, addresses[i%len(addresses)], fields[i/len(addresses)]
		for k := range j.Sum {
			j.Sum[k] = byte(i * (k + 7))
		}
		sum := j.Sum[:]
		if i == 4 { // none, which no message has
			sum, j.Sum = nil, [32]byte{}
		}
		for table, q := range map[string]struct {
			set  string
			args []any
		}{"messages": {"address = ?", []any{j.Address}}, "frozen": {"fields = ?, sum = ?", []any{j.Fields, sum}}} {
			if _, err := db.Exec(`UPDATE `+table+` SET `+q.set+` WHERE delivery = ? AND seq = ?`, append(q.args, id, j.Seq)...); err != nil {
				t.Fatal(err)
			}
		}
	}
	v, err := s.Delivery(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Confirm(ctx, marieke, id, v.Plan.Hash, time.Now()); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Advance(ctx, id, delivery.Start, nil); err != nil {
		t.Fatal(err)
	}
	var got []queue.Job
	for _, most := range []int{1, 3, n} {
		c, err := s.Commit(ctx, queue.Batch{Now: time.Now(), Claims: []queue.ClaimRequest{{Delivery: id, Max: most}}})
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, c.Jobs[id]...)
	}
	if !slices.Equal(got, want) {
		for i := range min(len(got), n) {
			if got[i] != want[i] {
				t.Errorf("%+v\nwant %+v", got[i], want[i])
			}
		}
		t.Errorf("%d claims, want %d", len(got), n)
	}
}

// TestClaimAsksForTheDenied: by address and by profile, whoever was denied after
// the preparation is left out.
func TestClaimAsksForTheDenied(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	id := plan(t, s, 5)
	db := raw(t, dir)
	for _, q := range []string{
		`UPDATE profiles SET denied = 1 WHERE id = (SELECT profile FROM messages WHERE seq = 2)`,
		// Its profile has another address now.
		`UPDATE messages SET key = 'former@x.example' WHERE seq = 3`,
		`UPDATE profiles SET denied = 1 WHERE id = (SELECT profile FROM messages WHERE seq = 3)`,
		// Another profile has its address and is denied.
		`INSERT INTO profiles (address, key, denied, created, modified) SELECT 'X' || key, key, 1, 0, 0 FROM messages WHERE seq = 4`,
	} {
		if _, err := db.Exec(q); err != nil {
			t.Fatal(err)
		}
	}
	v, err := s.Delivery(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Confirm(ctx, marieke, id, v.Plan.Hash, time.Now()); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Advance(ctx, id, delivery.Start, nil); err != nil {
		t.Fatal(err)
	}
	c, err := s.Commit(ctx, queue.Batch{Now: time.Now(), Claims: []queue.ClaimRequest{{Delivery: id, Max: 9}}})
	if err != nil {
		t.Fatal(err)
	}
	var seqs []int64
	for _, j := range c.Jobs[id] {
		seqs = append(seqs, j.Seq)
	}
	if !slices.Equal(seqs, []int64{1, 5}) || c.Counters[id].Excluded != 3 {
		t.Errorf("claimed %v, %+v", seqs, c.Counters[id])
	}
}
