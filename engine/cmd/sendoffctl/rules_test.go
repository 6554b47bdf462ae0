package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestAudiencesByRule goes through the commands in a workspace of its own.
func TestAudiencesByRule(t *testing.T) {
	dir := t.TempDir()
	s := shell{t: t, workspace: filepath.Join(dir, "w")}
	people := filepath.Join(dir, "people.csv")
	if err := os.WriteFile(people, []byte("email,city,age\na@x.example,Utrecht,17\nb@x.example,Utrecht,18\nc@x.example,Ede,30\nd@x.example,,40\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.do("init")
	s.do("audience", "import", people, "--name", "All")
	out := s.do("audience", "create", "Adults", "--rule", `city is "utrecht" and age >= 18`)
	if !strings.Contains(out, "1 person now") || !strings.Contains(out, `city is "utrecht" and age >= 18`) {
		t.Error(out)
	}
	if out := s.do("audience", "count", "--rule", `not in audience "adults" and city is not empty`); !strings.HasPrefix(out, "2 people of 4\n") || !strings.Contains(out, "a@x.example  age: 17, city: Utrecht") {
		t.Error(out)
	}
	if out := s.do("audience", "count", "all"); !strings.HasPrefix(out, "4 people of 4\n") {
		t.Error(out)
	}
	s.do("audience", "edit", "Adults", "--rule", "age >= 18")
	if out := s.do("audience", "show", "ADULTS"); !strings.Contains(out, "a rule: age >= 18\n3 people of 4\n") {
		t.Error(out)
	}
	s.do("audience", "rename", "Adults", "Grown")
	var parts []map[string]any
	if err := json.Unmarshal([]byte(s.do("--json", "audience", "split", "Grown", "--parts", "50,50", "--seed", "4")), &parts); err != nil {
		t.Fatal(err)
	}
	if len(parts) != 2 || parts[0]["size"].(float64)+parts[1]["size"].(float64) != 3 ||
		parts[1]["rule"] != `in audience "Grown" and random part 51 to 100 of 100 seed 4` || parts[1]["name"] != "Grown B" {
		t.Errorf("%v", parts)
	}
	s.do("audience", "test-profile", "add", "C@x.example", "d@x.example")
	if out := s.do("audience", "count", "Grown"); !strings.HasPrefix(out, "1 person of 2\n") {
		t.Error(out)
	}
	s.do("audience", "test-profile", "remove", "d@x.example")
	if out := s.do("audience", "test-profile", "list"); !strings.Contains(out, "c@x.example") || strings.Contains(out, "d@x.example") {
		t.Error(out)
	}
	// Whoever is not there is added, unless it is no address.
	s.do("audience", "test-profile", "add", "new@x.example")
	if out := s.do("audience", "test-profile", "list"); !strings.Contains(out, "new@x.example") {
		t.Error(out)
	}
	if _, status := s.try("audience", "test-profile", "add", "later@x.example", "nobody"); status == 0 {
		t.Error("what is no address became a test profile")
	}
	if out := s.do("audience", "test-profile", "list"); !strings.Contains(out, "later@x.example") {
		t.Errorf("somebody was added who would be targeted: %s", out)
	}
	if _, status := s.try("audience", "test-profile", "remove", "other@x.example"); status == 0 {
		t.Error("nobody was removed")
	}
	if out := s.do("audience", "list"); !strings.Contains(out, "a rule") || !strings.Contains(out, "age >= 18") {
		t.Error(out)
	}
	// A delivery names it as any other, and shows what it meant.
	letter := filepath.Join(dir, "d.toml")
	if err := os.WriteFile(letter, []byte("label = \"X\"\nfrom = \"a@x.example\"\nsubject = \"s\"\nhtml_inline = \"<p>{{ unsubscribe_url }}</p>\"\naudience = \"Grown\"\naccount = \"sandbox\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.do("delivery", "create", letter)
	s.do("delivery", "prepare", "1")
	if out := s.do("delivery", "show", "1"); !strings.Contains(out, "Grown, a rule: age >= 18") || !strings.Contains(out, "age >= 18, 2 people on ") {
		t.Error(out)
	}
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"audience", "create", "X", "--rule", `city is "`}, 1, "The rule cannot be used at line 1, column 9"},
		{[]string{"audience", "create", "X", "--rule", `town is "a"`}, 1, "nobody has a field “town”"},
		{[]string{"audience", "create", "X", "--rule", `city > 3 and in audience "None"`}, 1, "no audience “None”"},
		{[]string{"audience", "create", "X"}, 2, "--rule is missing"},
		{[]string{"audience", "edit", "All", "--rule", "everyone"}, 2, "is a list"},
		{[]string{"audience", "edit", "Grown", "--rule", `in audience "Grown A"`}, 1, "it would need itself"},
		{[]string{"audience", "delete", "Grown"}, 1, "still in use by"},
		{[]string{"audience", "count"}, 2, "name an audience"},
		{[]string{"audience", "split", "Grown", "--parts", "a"}, 2, "whole numbers"},
		{[]string{"audience", "test-profile", "add", "z.x.example"}, 1, "“z.x.example” cannot be the value of “address”"},
		{[]string{"audience", "test-profile", "remove", "z@x.example"}, 1, "z@x.example"},
	} {
		cmd := s.command(c.args...)
		out, _ := cmd.CombinedOutput()
		if code := cmd.ProcessState.ExitCode(); code != c.code || !strings.Contains(string(out), c.says) {
			t.Errorf("%v: %d, %s", c.args, code, out)
		}
	}
	s.do("delivery", "delete", "1")
	s.do("audience", "delete", "Grown A")
	s.do("audience", "delete", "Grown B")
	s.do("audience", "delete", "Grown")
}
