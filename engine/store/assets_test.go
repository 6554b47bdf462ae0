package store_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"testing"
	"time"

	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/engine/store"
)

func keep(t *testing.T, s *store.Store, name string, data []byte) delivery.Asset {
	t.Helper()
	sum := sha256.Sum256(data)
	a, err := s.AddAsset(ctx, marieke, delivery.Asset{Hash: hex.EncodeToString(sum[:]), Name: name, Type: "image/png", Size: int64(len(data)), Width: 2, Height: 3}, data)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestAssetsAreKeptOnce(t *testing.T) {
	s := open(t, t.TempDir())
	a := keep(t, s, "logo.png", []byte("one"))
	if b := keep(t, s, "other.png", []byte("one")); b.Name != "logo.png" || b.Hash != a.Hash {
		t.Errorf("the same bytes by another name: %+v", b)
	}
	keep(t, s, "two.png", []byte("two"))
	all, err := s.Assets(ctx)
	if err != nil || len(all) != 2 {
		t.Fatalf("%v, %v", all, err)
	}
	got, data, err := s.Asset(ctx, a.Hash)
	if err != nil || !bytes.Equal(data, []byte("one")) || got.Type != "image/png" || got.Width != 2 || got.Height != 3 || got.Size != 3 {
		t.Errorf("%+v, %q, %v", got, data, err)
	}
	long := keep(t, s, "long.png", bytes.Repeat([]byte("0123456789"), 1000))
	if got, head, err := s.AssetHead(ctx, long.Hash); err != nil || got.Hash != long.Hash || len(head) > 100 || !bytes.HasPrefix(head, []byte("0123456789")) {
		t.Errorf("%+v, %q, %v", got, head, err)
	}
	if _, _, err := s.AssetHead(ctx, "none"); !delivery.Is(err, delivery.KindNotFound) {
		t.Errorf("%v", err)
	}
	if _, _, err := s.Asset(ctx, "nothing"); !delivery.Is(err, delivery.KindNotFound) {
		t.Errorf("%v", err)
	}
	if _, err := s.AddAsset(ctx, access.Principal{Operator: 99}, a, nil); err == nil {
		t.Error("somebody unknown may add assets")
	}
}

func TestUnusedAssetsGo(t *testing.T) {
	s := open(t, t.TempDir())
	shown, attached, typed, idle := keep(t, s, "a", []byte("a")), keep(t, s, "b", []byte("b")), keep(t, s, "c", []byte("c")), keep(t, s, "d", []byte("d"))
	id, err := s.CreateDelivery(ctx, marieke, delivery.Draft{Label: "x", Schedule: delivery.Schedule{Mode: delivery.OnceConfirmed},
		// Hexadecimal letters right before the hash do not hide it.
		Content: delivery.Content{HTML: `<div style="background:url(asset:` + shown.Hash + `)">`, Attachments: []delivery.Attachment{{Asset: attached.Hash}}}})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.SaveDraft(ctx, "content/DM1", "fade"+typed.Hash); err != nil {
		t.Fatal(err)
	}
	left := func() (out []string) {
		all, err := s.Assets(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range all {
			out = append(out, a.Hash)
		}
		slices.Sort(out)
		return out
	}
	sorted := func(as ...delivery.Asset) (out []string) {
		for _, a := range as {
			out = append(out, a.Hash)
		}
		slices.Sort(out)
		return out
	}
	if n, err := s.DropAssets(ctx, time.Now().Add(-store.KeepAsset)); n != 0 || err != nil {
		t.Errorf("what was just added went: %d, %v", n, err)
	}
	later := time.Now().Add(time.Minute)
	if n, err := s.DropAssets(ctx, later); n != 1 || err != nil || !slices.Equal(left(), sorted(shown, attached, typed)) {
		t.Errorf("%d, %v: %v without %s", n, err, left(), idle.Hash)
	}
	if err := s.DeleteDelivery(ctx, marieke, id); err != nil {
		t.Fatal(err)
	}
	if n, err := s.DropAssets(ctx, later); n != 2 || err != nil || !slices.Equal(left(), sorted(typed)) {
		t.Errorf("after the delivery: %d, %v", n, err)
	}
}
