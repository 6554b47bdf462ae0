package prepare

import (
	"encoding/json"
	"maps"
	"testing"
)

// FuzzPlainFields: what the short way reads is what the long way reads.
func FuzzPlainFields(f *testing.F) {
	for _, s := range []string{`{}`, `{"a":"b"}`, `{"a":"b","c":""}`, `{"a":"b",}`, `{"a" :"b"}`, `{"a":1}`, `{"a":"\n"}`, `{"a":"b"}}`, `{"a":"b","a":"c"}`,
		"{\"a\":\"\xff\"}", `{,}`, `{"é":"ü"}`, `{"a":"b"`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		short := map[string]string{}
		if !plainFields(short, s) {
			return
		}
		long := map[string]string{}
		if err := json.Unmarshal([]byte(s), &long); err != nil || !maps.Equal(short, long) {
			t.Errorf("%q: %v, want %v, %v", s, short, long, err)
		}
	})
}

func TestPlainFields(t *testing.T) {
	got := map[string]string{}
	if !plainFields(got, `{"city":"Zürich","voucher":"A-1","x":""}`) || got["city"] != "Zürich" || got["voucher"] != "A-1" || len(got) != 3 {
		t.Errorf("%v", got)
	}
}
