package arch

import (
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestArchitecture holds every package of the module to every rule.
func TestArchitecture(t *testing.T) {
	ps := packages(t)
	for _, r := range rules() {
		for _, p := range ps {
			if why := r.check(p); why != "" {
				t.Errorf("%s: %s/%s has %s", r.name, module, p.path, why)
			}
		}
	}
}

// TestRulesCanFail feeds each rule a package that breaks it.
func TestRulesCanFail(t *testing.T) {
	for _, r := range rules() {
		if r.check(r.bad) == "" {
			t.Errorf("%s: finds no fault with %+v", r.name, r.bad)
		}
		if why := r.check(pkg{path: "resources"}); why != "" {
			t.Errorf("%s: finds %s in an empty package", r.name, why)
		}
	}
}

// TestRulesSeeTheSource checks the eyes of the rules on packages whose contents
// are known.
func TestRulesSeeTheSource(t *testing.T) {
	ps := packages(t)
	find := func(path string) pkg {
		i := slices.IndexFunc(ps, func(p pkg) bool { return p.path == path })
		if i < 0 {
			t.Fatalf("%s is not there", path)
		}
		return ps[i]
	}
	if p := find("engine/store"); !slices.Contains(p.imports, "database/sql") || !slices.Contains(p.deps, "github.com/mattn/go-sqlite3") {
		t.Errorf("the imports of the store are not seen: %v", p.imports)
	}
	if p := find("engine/workspace"); calls(p, "net", "Listen") == "" {
		t.Error("calls are not seen")
	}
	if p := find("engine/kpi"); !slices.Contains(p.tests, "pgregory.net/rapid") {
		t.Errorf("test imports are not seen: %v", p.tests)
	}
	renamed := `package x; import ui "fyne.io/fyne/v2"; func f() { ui.Do(nil); var ui struct{ Do2 int }; _ = ui.Do2 }`
	f, err := parser.ParseFile(token.NewFileSet(), "x.go", renamed, 0)
	if err != nil {
		t.Fatal(err)
	}
	if us := usesOf(f); !slices.Contains(us, use{fyneRoot, "Do"}) {
		t.Errorf("a renamed import hides a call: %v", us)
	}
}

// packages lists the module's packages. It compiles nothing.
func packages(t *testing.T) []pkg {
	t.Helper()
	root := run(t, ".", "list", "-m", "-f", "{{.Dir}}")
	out := run(t, strings.TrimSpace(root), "list", "-e", "-json=ImportPath,Dir,Imports,TestImports,XTestImports,Deps,GoFiles,CgoFiles", "./...")
	dec := json.NewDecoder(strings.NewReader(out))
	var ps []pkg
	for {
		var l struct {
			ImportPath, Dir                    string
			Imports, TestImports, XTestImports []string
			Deps, GoFiles, CgoFiles            []string
		}
		err := dec.Decode(&l)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		path, ok := local(l.ImportPath)
		if !ok {
			t.Fatalf("%s is not of this module", l.ImportPath)
		}
		p := pkg{path: path, imports: l.Imports, tests: slices.Concat(l.TestImports, l.XTestImports), deps: l.Deps}
		for _, name := range slices.Concat(l.GoFiles, l.CgoFiles) {
			f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(l.Dir, name), nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			p.uses = append(p.uses, usesOf(f)...)
		}
		ps = append(ps, p)
	}
	if len(ps) < 10 {
		t.Fatalf("found only %d packages", len(ps))
	}
	return ps
}

func run(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command("go", args...)
	cmd.Dir = dir
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, stderr.String())
	}
	return string(out)
}

// usesOf collects "package.Name" mentions of a file, under whatever name it
// imports the package.
func usesOf(f *ast.File) []use {
	names := map[string]string{}
	for _, i := range f.Imports {
		path, err := strconv.Unquote(i.Path.Value)
		if err != nil {
			continue
		}
		name := base(path)
		if i.Name != nil {
			name = i.Name.Name
		}
		names[name] = path
	}
	var out []use
	ast.Inspect(f, func(n ast.Node) bool {
		s, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if x, ok := s.X.(*ast.Ident); ok {
			if path, ok := names[x.Name]; ok {
				out = append(out, use{path, s.Sel.Name})
			}
		}
		return true
	})
	return out
}

// base guesses a package's name from its path: "fyne.io/fyne/v2" is fyne,
// "github.com/emersion/go-smtp" is smtp.
func base(path string) string {
	name := path[strings.LastIndexByte(path, '/')+1:]
	if len(name) > 1 && name[0] == 'v' && strings.Trim(name[1:], "0123456789") == "" {
		rest := strings.TrimSuffix(path, "/"+name)
		name = rest[strings.LastIndexByte(rest, '/')+1:]
	}
	return strings.TrimPrefix(name, "go-")
}
