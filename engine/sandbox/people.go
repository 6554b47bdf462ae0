package sandbox

import (
	"iter"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Person is a generated customer of a shop that does not exist. Nobody is meant
// by it, and its address is in a domain that can never receive mail
// (".example", RFC 2606 §2).
type Person struct {
	Email     string    // ASCII, lower case, unlike that of anyone else of the same run
	FirstName string    // one in 250 has none
	LastName  string    // with its particles: "van der Meer"
	Gender    string    // "f" or "m"
	City      string    // in the language of the country
	Country   string    // ISO 3166: "NL", "BE", "GB" or "IE"
	Language  string    // "nl" or "en"
	Shop      string    // the branch in the city
	Voucher   string    // "7KQ4-WX2M"
	Since     time.Time // customer since this day, UTC midnight, from 2015 to 2025
}

// Columns names the values of a Person, in the order of Values.
func Columns() []string {
	return []string{"email", "first_name", "last_name", "gender", "city", "country", "language", "shop", "voucher", "since"}
}

// Values gives the person as the fields of a row, in the order of Columns; the
// date as 2006-01-02.
func (p Person) Values() []string {
	return []string{p.Email, p.FirstName, p.LastName, p.Gender, p.City, p.Country, p.Language, p.Shop, p.Voucher, p.Since.Format(time.DateOnly)}
}

// People generates n persons, English and Dutch. The same seed gives the same
// persons in the same order, the first ones also when n is another. Memory is
// bounded by the names there are, not by n. Every loop over the sequence begins
// anew; loops may run at the same time.
func People(seed uint64, n int) iter.Seq[Person] {
	return func(yield func(Person) bool) {
		g := newPeople(seed)
		for range n {
			if !yield(g.next()) {
				return
			}
		}
	}
}

// people makes one person after another.
type people struct {
	rnd      *rand.Rand
	nl, en   names
	branches [2][]branch // Dutch-speaking, English-speaking
	nlPost   []string    // domains
	enPost   []string
	firms    []string
	used     map[string]int // how often a local part was wanted
	made     int            // persons
}

// names are those of one language.
type names struct {
	women, men, last []name
}

// name is a name and how an address spells it.
type name struct{ text, plain string }

// branch is a city and the shop there.
type branch struct{ city, country, shop string }

func newPeople(seed uint64) *people {
	const stream = 0x73656e646f6666 // "sendoff"; any other number gives other persons
	return &people{
		rnd:      rand.New(rand.NewPCG(seed, stream)),
		nl:       names{split(womenNL), split(menNL), split(lastNL)},
		en:       names{split(womenEN), split(menEN), split(lastEN)},
		branches: [2][]branch{readBranches(branchesNL), readBranches(branchesEN)},
		nlPost:   strings.Fields(postNL),
		enPost:   strings.Fields(postEN),
		firms:    strings.Fields(firms),
		used:     make(map[string]int),
	}
}

func (g *people) next() Person {
	p := Person{Language: "nl", Gender: "f"}
	own, post, places := &g.nl, g.nlPost, g.branches[0]
	if g.rnd.IntN(100) >= 55 {
		p.Language = "en"
		own, post, places = &g.en, g.enPost, g.branches[1]
	}
	given := own.women
	if g.rnd.IntN(100) >= 52 {
		p.Gender, given = "m", own.men
	}
	first, last := pick(g.rnd, given), pick(g.rnd, own.last)
	p.FirstName, p.LastName = first.text, last.text
	b := pick(g.rnd, places)
	p.City, p.Country, p.Shop = b.city, b.country, b.shop
	domain := pick(g.rnd, post)
	if g.rnd.IntN(100) < 20 {
		domain = pick(g.rnd, g.firms)
	}
	p.Email = g.local(first.plain, last.plain) + "@" + domain
	p.Voucher = g.voucher()
	p.Since = time.Date(2015, 1, 1+g.rnd.IntN(11*365), 0, 0, 0, 0, time.UTC)
	g.unusual(&p)
	return p
}

// unusual gives some persons what letters go wrong with: one in 250 each.
func (g *people) unusual(p *Person) {
	turn := g.made / 250
	g.made++
	switch g.made % 250 {
	case 40: // right to left
		p.FirstName, p.LastName = rightToLeft[turn%len(rightToLeft)][0], rightToLeft[turn%len(rightToLeft)][1]
	case 90:
		p.FirstName += " " + emoji[turn%len(emoji)]
	case 140: // an international domain (RFC 5890)
		local, _, _ := strings.Cut(p.Email, "@")
		p.Email = local + "@" + abroad[turn%len(abroad)]
	case 190:
		p.FirstName = ""
	}
}

// local gives a local part that nobody has yet. The plain ones hold no digit,
// so a number behind them can only make them different.
func (g *people) local(first, last string) string {
	var s string
	switch n := g.rnd.IntN(100); {
	case n < 60:
		s = first + "." + last
	case n < 80:
		s = first + last
	case n < 95:
		s = first[:1] + "." + last
	default:
		s = last + "." + first
	}
	g.used[s]++
	if n := g.used[s]; n > 1 {
		s += strconv.Itoa(n)
	}
	return s
}

// voucher leaves out the letters and digits that are read for one another.
func (g *people) voucher() string {
	const alphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
	b := make([]byte, 9)
	bits := g.rnd.Uint64()
	for i := range b {
		if i == 4 {
			b[i] = '-'
			continue
		}
		b[i] = alphabet[bits%32]
		bits /= 32
	}
	return string(b)
}

func pick[T any](r *rand.Rand, s []T) T { return s[r.IntN(len(s))] }

// split reads a list of names with commas between them.
func split(list string) []name {
	var out []name
	for s := range strings.SplitSeq(list, ",") {
		s = strings.Join(strings.Fields(s), " ")
		out = append(out, name{s, plain(s)})
	}
	return out
}

// plain spells a name in the letters that addresses have.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if r = unicode.ToLower(r); r >= 'a' && r <= 'z' {
			return r
		}
		return -1
	}, norm.NFD.String(s))
}

// readBranches reads lines of country, city and shop.
func readBranches(list string) []branch {
	var out []branch
	for line := range strings.Lines(strings.TrimSpace(list)) {
		f := strings.Split(strings.TrimSpace(line), "|")
		out = append(out, branch{country: f[0], city: f[1], shop: f[2]})
	}
	return out
}

// Domains like those of providers, and like those of firms.
const (
	postNL = "post.example mailbox.example brievenbus.example thuis.example webpost.example snelpost.example postvak.example inbox.example"
	postEN = "post.example mailbox.example inbox.example letterbox.example webmail.example fastpost.example homemail.example pigeon.example"
	firms  = "bakkerij-dekorenaar.example veldhuis-advies.example studio-noord.example dehavenmeester.example kwekerijzonneveld.example " +
		"drukkerijlinea.example fietsenmakerij-otto.example notarisbos.example harbour-analytics.example oakfield-school.example " +
		"greenlane-garden.example bridgewater-law.example northlight-design.example celtic-joinery.example millstone-bakery.example " +
		"tidewater-travel.example"
)

// Names as they are written where they come from.
var rightToLeft = [...][2]string{{"ليلى", "حداد"}, {"יוסף", "כהן"}, {"أحمد", "منصور"}, {"מרים", "לוי"}}

var emoji = [...]string{"🌻", "🌷🐝", "👩‍🌾"}

// bücher.example, münchen.example and café.example as mail servers know them.
var abroad = [...]string{"xn--bcher-kva.example", "xn--mnchen-3ya.example", "xn--caf-dma.example"}

const womenNL = `Anna, Emma, Sophie, Julia, Zoë, Eva, Sanne, Lotte, Femke, Fleur, Anouk, Maud, Iris, Noor, Lieke, Roos, Esmée,
	Chloë, Renée, Daniëlle, Michèle, Marieke, Marijke, Marloes, Mirjam, Monique, Nienke, Petra, Saskia, Sietske, Tineke,
	Truus, Wilma, Yvonne, Annemarie, Annelies, Astrid, Barbara, Betty, Carla, Carolien, Charlotte, Cora, Diana, Ellen,
	Els, Esther, Francien, Geertje, Gerda, Greet, Hanneke, Heleen, Hilde, Ilse, Ineke, Ingrid, Jacqueline, Janneke,
	Jolanda, Josephine, Judith, Karin, Katrien, Kim, Kirsten, Leonie, Liesbeth, Linda, Loes, Manon, Margriet, Maaike,
	Merel, Naomi, Fatima, Yasmina, Aylin`

const menNL = `Jan, Piet, Daan, Sem, Lucas, Levi, Finn, Bram, Thijs, Jesse, Luuk, Sander, Bas, Joost, Jeroen, Maarten, Marten,
	Pieter, Willem, Hendrik, Henk, Gerrit, Kees, Koen, Lars, Mees, Niels, Noah, Olivier, Pim, Rik, Robin, Ruben, Ruud,
	Sjoerd, Stijn, Teun, Thomas, Tijn, Tim, Tom, Victor, Wouter, Xander, Youssef, Mohammed, Mehmet, André, René, José,
	Loïs, Raphaël, Daniël, Michaël, Joël, Arjan, Arnoud, Bart, Bert, Cor, Dennis, Dirk, Erik, Evert, Ferdinand, Frank,
	Frits, Geert, Gijs, Hans, Herman, Hugo, Jaap, Jasper, Jelle, Johan, Klaas, Leendert`

const womenEN = `Olivia, Amelia, Isla, Ava, Ivy, Freya, Lily, Florence, Mia, Willow, Rosie, Sophia, Isabella, Grace, Daisy, Sienna,
	Poppy, Elsie, Emily, Ella, Evelyn, Phoebe, Evie, Harper, Millie, Matilda, Maisie, Charlotte, Emma, Alice, Ada, Beth,
	Bridget, Caitlin, Catherine, Charlene, Claire, Deborah, Eleanor, Elizabeth, Fiona, Frances, Georgia, Gillian, Hannah,
	Heather, Helen, Imogen, Jane, Jennifer, Joanna, Karen, Kathleen, Laura, Linda, Louise, Lucy, Margaret, Mary, Megan,
	Naomi, Nicola, Patricia, Priya, Rachel, Rebecca, Ruth, Sarah, Siobhán, Aoife, Niamh, Róisín, Sinéad, Gráinne, Ciara,
	Zara, Chloë, Renée`

const menEN = `Noah, Oliver, George, Arthur, Muhammad, Leo, Harry, Oscar, Archie, Henry, Theodore, Freddie, Jack, Charlie, Theo,
	Alfie, Jacob, Thomas, Finley, Arlo, William, Lucas, Roman, Tommy, Isaac, Teddy, Alexander, Luca, Edward, James, Joshua,
	Albie, Elijah, Max, Mohammed, Reuben, Mason, Sebastian, Rory, Jude, Adam, Adrian, Alan, Andrew, Anthony, Benjamin,
	Brian, Callum, Christopher, Colin, Craig, Daniel, David, Derek, Duncan, Ewan, Gareth, Gavin, Graham, Hamish, Hugh, Ian,
	Keith, Kevin, Malcolm, Neil, Nigel, Owen, Patrick, Peter, Seán, Pádraig, Eoin, Ciarán, Oisín, Conor, Liam, Declan`

const lastNL = `de Jong, Jansen, de Vries, van den Berg, van Dijk, Bakker, Janssen, Visser, Smit, Meijer, de Boer, Mulder, de Groot,
	Bos, Vos, Peters, Hendriks, van Leeuwen, Dekker, Brouwer, de Wit, Dijkstra, Smits, de Graaf, van der Meer, van der Linden,
	Kok, Jacobs, de Haan, Vermeulen, van den Heuvel, van der Veen, van den Broek, de Bruijn, de Bruin, van der Heijden,
	Schouten, van Beek, Willems, van Vliet, van de Ven, Hoekstra, Maas, Verhoeven, Koster, van Dam, van der Wal, Prins,
	Blom, Huisman, Peeters, de Jonge, Kuipers, van Veen, Post, Kuiper, Veenstra, Kramer, van den Brink, Scholten, van Wijk,
	Postma, Martens, Vink, de Ruiter, Timmermans, Groen, Gerritsen, Jonker, van Loon, Boer, van der Velde, Willemsen,
	Smeets, de Lange, de Vos, Bosch, van Dongen, Schipper, de Koning, van der Laan, Koning, van der Velden, Driessen,
	van Doorn, Hermans, Evers, van den Bosch, van der Meulen, Hofman, Bosman, Wolters, Sanders, van der Horst, Mol,
	Kuijpers, Molenaar, van de Pol, de Leeuw, Verbeek, Faber, Bosma, Zijlstra, Bijl, Roos, Kok-Janssen, Vermeer, Claes,
	Maes, Wouters, Goossens, De Smet, Mertens, Van Damme, De Backer, Lambrechts, Dumont, Desmet, Coppens, Verstraete,
	Vandenberghe, Cools, Pauwels, Aerts, Michiels, Segers, Declercq, Baert, Thijs, Lenaerts, Nijs, Geerts, Bogaerts,
	in 't Veld, van 't Hoff, op den Akker, ter Horst, ten Brink, te Velde, van der Zee, uit den Boogaard, d'Hondt, Daniëls,
	Michiëls, Reünis, Brontë-Vos, Yılmaz, El Amrani, Bouzid, Öztürk, Pinas, Soekarno, Tjon, Wijdenbosch, Zuidema, Zwart`

const lastEN = `Smith, Jones, Taylor, Brown, Williams, Wilson, Johnson, Davies, Patel, Robinson, Wright, Thompson, Evans, Walker, White,
	Roberts, Green, Hall, Wood, Harris, Clarke, Martin, Jackson, Lewis, Hughes, Turner, Hill, Cooper, Ward, Moore, Morris,
	Watson, Clark, Harrison, King, Baker, Morgan, Allen, James, Scott, Phillips, Watts, Parker, Bennett, Young, Price,
	Griffiths, Mitchell, Kelly, Cook, Carter, Richardson, Bailey, Collins, Bell, Shaw, Murphy, Miller, Cox, Khan, Richards,
	Marshall, Simpson, Anderson, Singh, Ellis, Adams, Begum, Wilkinson, Foster, Chapman, Powell, Webb, Rogers, Gray, Mason,
	Hunt, Hussain, Campbell, Matthews, Palmer, Holmes, Mills, Barnes, Knight, Lloyd, Butler, Russell, Fisher, Barker,
	Stevens, Jenkins, Murray, Dixon, Graham, Reynolds, Stewart, Ford, Ross, Kaur, Fox, Lowe, Saunders, Andrews, Gibson,
	Pearson, Day, Fletcher, Lawrence, Spencer, Hart, Ryan, Brooks, Wells, Dawson, Pearce, Rose, Armstrong, Grant, Burton,
	Hamilton, Chambers, Thorne, Bradley, Booth, Walsh, O'Brien, O'Connor, O'Neill, O'Sullivan, O'Reilly, O'Doherty, Byrne,
	Doyle, McCarthy, Gallagher, Kennedy, Lynch, Quinn, McLoughlin, Ó Murchú, Ní Bhriain, Brontë, D'Arcy, Fitzgerald, Nolan,
	Brennan, Dunne, Whelan, Daly, Kavanagh, MacDonald, McKenzie, Sutherland, Fraser, Llewellyn, Rhys-Davies, Ashworth,
	Penrose, Trelawny, St John`

// The cities of the shop, one a line: country, city, branch.
const branchesNL = `
NL|Amsterdam|Acme Haarlemmerdijk
NL|Rotterdam|Acme Witte de With
NL|Den Haag|Acme Denneweg
NL|Utrecht|Acme Oudegracht
NL|Eindhoven|Acme Strijp
NL|Groningen|Acme Folkingestraat
NL|Leeuwarden|Acme Kleine Kerkstraat
NL|Zwolle|Acme Sassenstraat
NL|Arnhem|Acme Spijkerkwartier
NL|Nijmegen|Acme Lange Hezelstraat
NL|'s-Hertogenbosch|Acme Snellestraat
NL|Maastricht|Acme Wyck
NL|Middelburg|Acme Markt
NL|Haarlem|Acme Gouden Straatjes
NL|Leiden|Acme Breestraat
BE|Antwerpen|Acme Zuid
BE|Gent|Acme Patershol
BE|Brugge|Acme Steenstraat
BE|Leuven|Acme Mechelsestraat
BE|Mechelen|Acme Vismarkt
BE|Hasselt|Acme Kapelstraat
`

const branchesEN = `
GB|London|Acme Bermondsey
GB|Manchester|Acme Northern Quarter
GB|Birmingham|Acme Jewellery Quarter
GB|Leeds|Acme Corn Exchange
GB|Bristol|Acme Gloucester Road
GB|Liverpool|Acme Bold Street
GB|Newcastle upon Tyne|Acme Grainger
GB|York|Acme Shambles
GB|Edinburgh|Acme Stockbridge
GB|Glasgow|Acme Merchant City
GB|Cardiff|Acme Castle Arcade
GB|Belfast|Acme Cathedral Quarter
GB|Norwich|Acme The Lanes
IE|Dublin|Acme Drury Street
IE|Cork|Acme English Market
IE|Galway|Acme Quay Street
IE|Limerick|Acme Milk Market
IE|Dún Laoghaire|Acme Seafront
`
