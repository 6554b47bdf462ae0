package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"sendoff/engine"
	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/engine/segment"
)

// ruleEngine is what the commands about audiences by rule do.
type ruleEngine interface {
	CountRule(ctx context.Context, text string, skip, n int, progress func(delivery.Progress)) (engine.RuleCount, error)
	CountAudience(ctx context.Context, id int64, progress func(delivery.Progress)) (int64, error)
	CreateAudience(ctx context.Context, who access.Principal, name, text string) (delivery.Audience, error)
	EditAudienceRule(ctx context.Context, who access.Principal, id int64, text string) error
	RenameAudience(ctx context.Context, who access.Principal, id int64, name string) error
	DeleteAudience(ctx context.Context, who access.Principal, id int64) error
	SplitAudience(ctx context.Context, who access.Principal, id int64, s engine.Split) ([]delivery.Audience, error)
	FieldValues(ctx context.Context, field, part string, n int) ([]segment.Value, error)
	AddProfile(ctx context.Context, who access.Principal, p delivery.Profile) (int64, error)
	SetTest(ctx context.Context, who access.Principal, ids []int64, test bool) error
	ProfileNumbers(ctx context.Context, q delivery.ProfileQuery) ([]int64, error)
	ProfileRows(ctx context.Context, numbers []int64) ([]delivery.Profile, error)
}

func ruleCommands() []command {
	return []command{
		{words: "audience create", args: "NAME --rule TEXT",
			brief: "Makes an audience of everybody whom a rule names, whenever it is prepared.\nA rule compares fields: city is \"Utrecht\", name contains \"ann\", age >= 18,\njoined in the last 30 days, born before 2000-01-01, member is yes, city is empty;\nnames audiences and deliveries: in audience \"staff\", did not get delivery DM12;\nand joins that with and, or, not and parentheses.",
			min:   1, max: 1, flags: audienceCreate},
		{words: "audience edit", args: "NAME --rule TEXT", brief: "Gives an audience by rule another rule. Plans that were made with the old one\nand are not confirmed must be prepared again.", min: 1, max: 1, flags: audienceEdit},
		{words: "audience rename", args: "NAME NEW", brief: "Gives an audience another name. Rules that refer to it go on to do so.", min: 2, max: 2, flags: plain(audienceRename)},
		{words: "audience delete", args: "NAME", brief: "Removes an audience; its people stay.", min: 1, max: 1, flags: plain(audienceDelete)},
		{words: "audience count", args: "(NAME | --rule TEXT) [--sample N]", brief: "Counts whom a rule names now, and shows some of them.", max: 1, flags: audienceCount},
		{words: "audience show", args: "NAME [--sample N]", brief: "Shows an audience, what its rule says and whom it names now.", min: 1, max: 1, flags: audienceShow},
		{words: "audience split", args: "NAME --parts 50,50 [--names A,B] [--seed N]",
			brief: "Deals an audience into parts at random and makes an audience of each.\nNobody is in two parts and everybody is in one, also who comes later; the same seed deals alike.",
			min:   1, max: 1, flags: audienceSplit},
		{words: "audience test-profile add", args: "ADDRESS…", brief: "Makes people test profiles: they get proofs, and no list and no rule targets them.\nWhoever is not there yet is added.", min: 1, max: 1000, flags: plain(testProfiles(true))},
		{words: "audience test-profile remove", args: "ADDRESS…", brief: "Makes test profiles ordinary people again.", min: 1, max: 1000, flags: plain(testProfiles(false))},
		{words: "audience test-profile list", brief: "Lists the test profiles.", flags: plain(testProfileList)},
	}
}

// ruleFlag is the text of a rule, which must be there.
func ruleFlag(fs *flag.FlagSet) func() (string, error) {
	text := fs.String("rule", "", "")
	return func() (string, error) {
		if strings.TrimSpace(*text) == "" {
			return "", usagef("--rule is missing: whom the audience is made of, as in --rule 'city is \"Utrecht\"'")
		}
		return *text, nil
	}
}

func audienceCreate(fs *flag.FlagSet) action {
	rule := ruleFlag(fs)
	return func(ctx context.Context, a *app, args []string) error {
		text, err := rule()
		if err != nil {
			return err
		}
		return a.change(ctx, func(e Engine, who access.Principal) error {
			made, err := e.CreateAudience(ctx, who, args[0], text)
			if err != nil {
				return err
			}
			return a.showAudiences("Made", made)
		})
	}
}

// showAudiences says what was made.
func (a *app) showAudiences(done string, as ...delivery.Audience) error {
	if a.json {
		if len(as) == 1 {
			return a.value(as[0])
		}
		return a.list(len(as), func(i int) any { return as[i] })
	}
	for _, x := range as {
		a.printf("%s the audience “%s”: %s now.\n  %s\n", done, x.Name, plural(x.Size, "person", "people"), x.Rule)
	}
	return nil
}

// audienceNamed finds an audience by its name, in any case.
func audienceNamed(ctx context.Context, e Engine, name string) (delivery.Audience, error) {
	as, err := e.Audiences(ctx)
	if err != nil {
		return delivery.Audience{}, err
	}
	i := slices.IndexFunc(as, func(x delivery.Audience) bool { return strings.EqualFold(x.Name, strings.TrimSpace(name)) })
	if i < 0 {
		return delivery.Audience{}, &delivery.Error{Op: "audience", Kind: delivery.KindNotFound, Field: "audience", Detail: name}
	}
	return as[i], nil
}

func audienceEdit(fs *flag.FlagSet) action {
	rule := ruleFlag(fs)
	return func(ctx context.Context, a *app, args []string) error {
		text, err := rule()
		if err != nil {
			return err
		}
		return a.change(ctx, func(e Engine, who access.Principal) error {
			x, err := audienceNamed(ctx, e, args[0])
			if err != nil {
				return err
			}
			if x.Rule == "" {
				return usagef("“%s” is a list: it is changed by an import. To keep some of it, create an audience with --rule 'in audience %q and …'", x.Name, x.Name)
			}
			if err := e.EditAudienceRule(ctx, who, x.ID, text); err != nil {
				return err
			}
			if x, err = audienceNamed(ctx, e, args[0]); err != nil {
				return err
			}
			return a.showAudiences("Changed", x)
		})
	}
}

func audienceRename(ctx context.Context, a *app, args []string) error {
	return a.change(ctx, func(e Engine, who access.Principal) error {
		x, err := audienceNamed(ctx, e, args[0])
		if err != nil {
			return err
		}
		if err := e.RenameAudience(ctx, who, x.ID, args[1]); err != nil {
			return err
		}
		if x, err = audienceNamed(ctx, e, args[1]); err != nil {
			return err
		}
		if a.json {
			return a.value(x)
		}
		a.printf("“%s” is called “%s” now.\n", args[0], x.Name)
		return nil
	})
}

func audienceDelete(ctx context.Context, a *app, args []string) error {
	return a.change(ctx, func(e Engine, who access.Principal) error {
		x, err := audienceNamed(ctx, e, args[0])
		if err != nil {
			return err
		}
		if err := e.DeleteAudience(ctx, who, x.ID); err != nil {
			return err
		}
		if a.json {
			return a.value(x)
		}
		a.printf("Deleted the audience “%s”. Its people stay.\n", x.Name)
		return nil
	})
}

func audienceCount(fs *flag.FlagSet) action {
	text := fs.String("rule", "", "")
	sample := fs.Int("sample", 5, "")
	return func(ctx context.Context, a *app, args []string) error {
		if (len(args) == 0) == (*text == "") {
			return usagef("name an audience, or write --rule")
		}
		return a.look(ctx, func(e Engine) error {
			rule := *text
			if len(args) == 1 {
				x, err := audienceNamed(ctx, e, args[0])
				if err != nil {
					return err
				}
				if rule = x.Rule; rule == "" {
					rule = fmt.Sprintf("in audience %d", x.ID)
				}
			}
			return a.count(ctx, e, rule, *sample)
		})
	}
}

// count evaluates a rule and shows some of whom it names.
func (a *app) count(ctx context.Context, e Engine, text string, sample int) error {
	p := a.progress()
	c, err := e.CountRule(ctx, text, 0, max(0, sample), func(g delivery.Progress) {
		p.show(func() string { return fmt.Sprintf("reading people: %s of %s", number(g.Done), number(g.Total)) })
	})
	p.end()
	if err != nil {
		return err
	}
	if a.json {
		people := make([]map[string]any, len(c.Sample))
		for i, x := range c.Sample {
			people[i] = map[string]any{"address": x.Address, "fields": x.Fields}
		}
		return a.value(struct {
			Rule   string           `json:"rule"`
			Count  int64            `json:"count"`
			Total  int64            `json:"total"`
			Took   float64          `json:"seconds"`
			Bytes  int64            `json:"bytes"`
			Sample []map[string]any `json:"sample"`
		}{c.Rule.String(), c.Count, c.Total, c.Took.Seconds(), c.Bytes, people})
	}
	a.printf("%s of %s\n", plural(c.Count, "person", "people"), number(c.Total))
	for _, x := range c.Sample {
		var fields []string
		for _, k := range sortedKeys(x.Fields) {
			fields = append(fields, k+": "+x.Fields[k])
		}
		a.printf("  %s  %s\n", x.Address, strings.Join(fields, ", "))
	}
	return nil
}

func sortedKeys(m map[string]string) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

func audienceShow(fs *flag.FlagSet) action {
	sample := fs.Int("sample", 5, "")
	return func(ctx context.Context, a *app, args []string) error {
		return a.look(ctx, func(e Engine) error {
			x, err := audienceNamed(ctx, e, args[0])
			if err != nil {
				return err
			}
			if a.json {
				if x.Rule != "" {
					if c, err := e.CountRule(ctx, x.Rule, 0, 0, nil); err == nil {
						x.Size, x.Counted = c.Count, c.At.UTC()
					}
				}
				return a.value(x)
			}
			a.printf("%s\n", x.Name)
			if x.Rule == "" {
				a.printf("  a list of %s", plural(x.Size, "profile", "profiles"))
				if x.Source != "" {
					a.printf(", from %s", x.Source)
				}
				a.printf(" (%s)\n  fields: %s\n", moment(x.Imported), strings.Join(x.Columns, ", "))
				return a.count(ctx, e, fmt.Sprintf("in audience %d", x.ID), *sample)
			}
			a.printf("  a rule: %s\n", x.Rule)
			return a.count(ctx, e, x.Rule, *sample)
		})
	}
}

func audienceSplit(fs *flag.FlagSet) action {
	parts := fs.String("parts", "", "")
	names := fs.String("names", "", "")
	seed := fs.Uint("seed", 0, "")
	return func(ctx context.Context, a *app, args []string) error {
		s := engine.Split{Seed: uint32(*seed)}
		if *parts == "" {
			return usagef("--parts is missing: the shares, as in --parts 50,50")
		}
		if uint(s.Seed) != *seed {
			return usagef("--seed is a number up to 4294967295")
		}
		for p := range strings.SplitSeq(*parts, ",") {
			n, err := strconv.Atoi(strings.TrimSpace(p))
			if err != nil || n < 1 {
				return usagef("--parts has the shares as whole numbers, as in 10,10,80; %q is none", p)
			}
			s.Shares = append(s.Shares, n)
		}
		if *names != "" {
			s.Names = strings.Split(*names, ",")
		}
		given := false
		fs.Visit(func(f *flag.Flag) { given = given || f.Name == "seed" })
		if !given {
			s.Seed = rand.Uint32()
		}
		return a.change(ctx, func(e Engine, who access.Principal) error {
			x, err := audienceNamed(ctx, e, args[0])
			if err != nil {
				return err
			}
			made, err := e.SplitAudience(ctx, who, x.ID, s)
			if err != nil {
				return err
			}
			return a.showAudiences("Made", made...)
		})
	}
}

// testProfiles makes the command that sets or takes the flag of test profiles.
func testProfiles(test bool) action {
	return func(ctx context.Context, a *app, args []string) error {
		return a.change(ctx, func(e Engine, who access.Principal) error {
			var ids []int64
			for _, address := range args {
				id, err := personAt(ctx, e, address)
				if test && delivery.Is(err, delivery.KindNotFound) {
					var added int64
					var bad *delivery.Error
					if added, err = e.AddProfile(ctx, who, delivery.Profile{Address: strings.TrimSpace(address)}); err == nil {
						id, err = []int64{added}, e.SetTest(ctx, who, []int64{added}, true) // at once, whatever the next one is
					} else if errors.As(err, &bad) && bad.Kind == delivery.KindInvalid {
						err = &delivery.Error{Op: bad.Op, Kind: bad.Kind, Field: "address", Detail: address}
					}
				}
				if err != nil {
					return err
				}
				ids = append(ids, id...)
			}
			if err := e.SetTest(ctx, who, ids, test); err != nil {
				return err
			}
			if a.json {
				return a.value(map[string]any{"profiles": len(ids), "test": test})
			}
			if test {
				a.printf("%s: no list and no rule targets them any more.\n", plural(int64(len(ids)), "test profile", "test profiles"))
			} else {
				a.printf("%s can be targeted again.\n", plural(int64(len(ids)), "person", "people"))
			}
			return nil
		})
	}
}

// personAt finds everybody with an address, in any case.
func personAt(ctx context.Context, e Engine, address string) ([]int64, error) {
	found, err := e.ProfileNumbers(ctx, delivery.ProfileQuery{Search: address})
	if err != nil {
		return nil, err
	}
	rows, err := e.ProfileRows(ctx, found)
	if err != nil {
		return nil, err
	}
	var out []int64
	for _, p := range rows {
		if strings.EqualFold(p.Address, strings.TrimSpace(address)) {
			out = append(out, p.ID)
		}
	}
	if len(out) == 0 {
		return nil, &delivery.Error{Op: "test_profile", Kind: delivery.KindNotFound, Field: "profile", Detail: address}
	}
	return out, nil
}

func testProfileList(ctx context.Context, a *app, _ []string) error {
	return a.look(ctx, func(e Engine) error {
		ids, err := e.ProfileNumbers(ctx, delivery.ProfileQuery{Test: true})
		if err != nil {
			return err
		}
		rows, err := e.ProfileRows(ctx, ids)
		if err != nil {
			return err
		}
		if a.json {
			return a.list(len(rows), func(i int) any {
				return map[string]any{"id": rows[i].ID, "address": rows[i].Address, "fields": rows[i].Fields}
			})
		}
		return a.table([]string{"ADDRESS", "SINCE"}, len(rows), func(i int) []string {
			return []string{rows[i].Address, moment(rows[i].Modified)}
		})
	})
}
