package main

import (
	"context"
	"flag"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"sendoff/engine"
	"sendoff/engine/access"
	"sendoff/engine/audience"
	"sendoff/engine/delivery"
)

const importArgs = `FILE --name LABEL [--map email=COLUMN,…] [--without COLUMN,…] [--type FIELD=TYPE,…] [--guess-types]
      [--existing update|fill|skip] [--add] [--consent SOURCE [--consent-date YYYY-MM-DD]] [--dry-run]
      [--sheet NAME] [--encoding NAME] [--delimiter CHARACTER] [--header yes|no]`

const importBrief = `Makes an audience of a file of people: text in columns, XLSX or vCard.
What the file is, its encoding, delimiter, header and e-mail column are found out; the flags say
otherwise. --map names the e-mail column, by header or number, and gives other columns another
name; --without leaves columns out. --type says what a field is, and brings its values into one
form: text, number (number:point for 1,234.56, number:comma for 1.234,56), date (date:dmy for
31-12-2026, date:mdy, date:ymd, date:serial), bool, language, zone, country. Without a format it
is taken from the first rows; --guess-types finds out the types as well. A value that does not fit
is left out and counted, its row counts all the same. Bad rows go to a file beside FILE.
--existing says what becomes of people who are there already: their values are replaced (update,
the usual), only empty ones are filled (fill), or they stay as they are (skip). An audience of
that name gets the new people instead of the old; with --add, besides them. --dry-run changes
nothing and says what would be done.`

// listFlag adds the parts of "a,b" to a list.
func listFlag(into *[]string) func(string) error {
	return func(s string) error {
		for part := range strings.SplitSeq(s, ",") {
			if part = strings.TrimSpace(part); part != "" {
				*into = append(*into, part)
			}
		}
		return nil
	}
}

// importFlags defines the flags that say how a file is imported.
func importFlags(fs *flag.FlagSet) *engine.ImportRequest {
	r := &engine.ImportRequest{Map: map[string]string{}, Types: map[string]audience.Type{}}
	fs.StringVar(&r.Name, "name", "", "")
	fs.Func("map", "", func(s string) error { return readMap(r.Map, s) })
	fs.Func("without", "", listFlag(&r.Without))
	fs.Func("type", "", func(s string) error {
		for part := range strings.SplitSeq(s, ",") {
			field, name, ok := strings.Cut(part, "=")
			t, err := audience.ParseType(name)
			if !ok || err != nil || strings.TrimSpace(field) == "" {
				return fmt.Errorf("%q is not of the form FIELD=TYPE, such as since=date:dmy", part)
			}
			r.Types[strings.TrimSpace(field)] = t
		}
		return nil
	})
	fs.BoolVar(&r.Guess, "guess-types", false, "")
	fs.StringVar((*string)(&r.Existing), "existing", "", "")
	fs.BoolVar(&r.Join, "add", false, "")
	fs.StringVar(&r.ConsentSource, "consent", "", "")
	fs.Func("consent-date", "", func(s string) (err error) {
		if r.ConsentAt, err = time.Parse("2006-01-02", s); err != nil {
			err = fmt.Errorf("%q is no day; write it as 2026-12-31", s)
		}
		return err
	})
	fs.StringVar(&r.Sheet, "sheet", "", "")
	fs.StringVar(&r.Encoding, "encoding", "", "")
	fs.Func("delimiter", "", func(s string) error {
		names := map[string]rune{"tab": '\t', `\t`: '\t', "comma": ',', "semicolon": ';', "bar": '|'}
		if d, ok := names[s]; ok {
			r.Delimiter = d
			return nil
		}
		if len([]rune(s)) != 1 {
			return fmt.Errorf("%q is not one character", s)
		}
		r.Delimiter = []rune(s)[0]
		return nil
	})
	fs.Func("header", "", func(s string) error {
		switch s {
		case "yes":
			r.Header = audience.HeaderPresent
		case "no":
			r.Header = audience.HeaderAbsent
		default:
			return fmt.Errorf("%q is neither yes nor no", s)
		}
		return nil
	})
	return r
}

func audienceImport(fs *flag.FlagSet) action {
	r := importFlags(fs)
	dry := fs.Bool("dry-run", false, "")
	return func(ctx context.Context, a *app, args []string) error {
		var err error
		if r.File, err = filepath.Abs(a.path(args[0])); err != nil {
			return &delivery.Error{Op: "import", Kind: delivery.KindIO, File: args[0], Err: err}
		}
		if *dry {
			return a.look(ctx, func(e Engine) error {
				p := a.progress()
				c, err := e.CheckImport(ctx, *r, a.importing(p, "checking"))
				p.end()
				if err != nil {
					return err
				}
				return a.checkedImport(filepath.Base(r.File), c)
			})
		}
		if strings.TrimSpace(r.Name) == "" {
			return usagef("--name is missing: what the audience will be called")
		}
		return a.change(ctx, func(e Engine, who access.Principal) error {
			p := a.progress()
			res, err := e.Import(ctx, who, *r, a.importing(p, "importing"))
			p.end()
			if err != nil {
				return err
			}
			return a.imported(filepath.Base(r.File), res)
		})
	}
}

func (a *app) importing(p *reporter, doing string) func(engine.ImportProgress) {
	return func(ip engine.ImportProgress) {
		p.show(func() string {
			if ip.Writing {
				return fmt.Sprintf("%s: %s of %s rows written", doing, number(ip.Written), number(ip.Rows))
			}
			share := ""
			if ip.Total > 0 {
				share = fmt.Sprintf(" (%d %%)", min(100, ip.Bytes*100/ip.Total))
			}
			return fmt.Sprintf("%s: %s rows, %s rejected%s", doing, number(ip.Rows), number(ip.Rejected), share)
		})
	}
}

// readMap reads "email=Column,name=Other". A comma belongs to a column's name
// when no "=" follows before the next one.
func readMap(into map[string]string, s string) error {
	last := ""
	for part := range strings.SplitSeq(s, ",") {
		field, column, ok := strings.Cut(part, "=")
		field = strings.TrimSpace(field)
		switch {
		case ok && field != "" && strings.TrimSpace(column) != "":
			into[field], last = strings.TrimSpace(column), field
		case !ok && last != "":
			into[last] += "," + part
		default:
			return fmt.Errorf("%q is not of the form email=COLUMN", part)
		}
	}
	return nil
}

func audienceImports(ctx context.Context, a *app, _ []string) error {
	return a.look(ctx, func(e Engine) error {
		is, err := e.Imports(ctx)
		if err != nil {
			return err
		}
		if a.json {
			return a.list(len(is), func(i int) any { return is[i] })
		}
		return a.table([]string{"ID", "WHEN", "FILE", "AUDIENCE", "NEW", "UPDATED", "UNCHANGED", "REJECTED", "BY", "UNDONE"}, len(is), func(i int) []string {
			x := is[i]
			return []string{strconv.FormatInt(x.ID, 10), moment(x.At), x.File, x.AudienceName, number(x.Added), number(x.Updated),
				number(x.Unchanged), number(x.Rejected), x.Operator, moment(x.Undone)}
		})
	})
}

func audienceUndo(ctx context.Context, a *app, args []string) error {
	id, err := strconv.ParseInt(args[0], 10, 64)
	if err != nil {
		return usagef("%q is no number of an import; sendoffctl audience imports lists them", args[0])
	}
	return a.change(ctx, func(e Engine, who access.Principal) error {
		u, err := e.UndoImport(ctx, who, id)
		if err != nil {
			return err
		}
		if a.json {
			return a.value(u)
		}
		a.printf("Import %d is undone: %s removed, %s as before.\n", id, plural(u.Removed, "person", "people"), plural(u.Restored, "person", "people"))
		if u.Kept > 0 {
			a.printf("  %s of those it added stay: written to, edited or on another list since\n", number(u.Kept))
		}
		if u.Changed > 0 {
			a.printf("  %s of those it changed were changed again since and keep that\n", number(u.Changed))
		}
		if !u.Audience {
			a.printf("  The audience was filled by something else since, or is gone, and stays so.\n")
		}
		return nil
	})
}
