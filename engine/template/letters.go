package template

import "sendoff/engine/block"

// newsletter: news of a place, a story and two short ones.
func newsletter(w *writer) {
	const site = "https://www.evenings.example"
	w.t.Subject = w.say(`{{ first_name | default: "Hello" }}, slow evenings are back`, `{{ first_name | default: "Hallo" }}, de lange avonden zijn terug`)
	w.t.Preheader = w.say("A walk at sunset, coffee worth the detour and five books for the train.", "Een wandeling bij zonsondergang, koffie om voor om te fietsen en vijf boeken voor de trein.")
	w.t.Document.Brand = block.Brand{Name: "Evening Post", LogoURL: site, Color: "#6B3F69", Tint: "#F8F1F4", Text: "#2B2338", Sheet: "#FFFFFF", Ground: "#EFE8EE",
		Heading: block.FontSerif, Body: block.FontSans, Radius: 14, Width: 600, HeadAlign: block.AlignCenter}
	w.add(
		bleed(w.picture("hills", w.say("The sun sets behind layers of purple hills, a light burns in a small house", "De zon zakt achter paarse heuvels, in een huisje brandt licht"))),
		small(w.say("No. 14 · November", "Nr. 14 · november")),
		tight(heading(1, w.say("The long way *home*", "De lange weg naar *huis*"))),
		large(w.say(`Dear {{ first_name | default: "reader" }}, three stops, one ridge, and not a single traffic light. We walked the old postal route at sunset and wrote down every bench.`,
			`Beste {{ first_name | default: "lezer" }}, drie haltes, één bergkam en geen enkel stoplicht. We liepen de oude postroute bij zonsondergang en schreven elk bankje op.`)),
		text(w.say("The map fits on one page. You need **two hours**, a flask and somebody to be quiet with. The last bus goes at ten; the view from the third bench is the reason to miss it.",
			"De kaart past op één bladzijde. Je hebt **twee uur** nodig, een thermosfles en iemand om stil mee te zijn. De laatste bus gaat om tien uur; het uitzicht vanaf het derde bankje is de reden om hem te missen.")),
		button(w.say("Read the walk", "Lees de wandeling"), site+"/walk"),
		tinted(tight(heading(2, w.say("Also in this letter", "Ook in deze brief")))),
		tinted(columns(
			column(w.picture("cup", w.say("Coffee with a heart of milk, seen from above", "Koffie met een hart van melk, van boven gezien")),
				heading(3, w.say("Worth the detour", "Het omfietsen waard")),
				text(w.say("Four rooms where the coffee is good and nobody hurries you. [See the list]("+site+"/coffee)", "Vier plekken waar de koffie goed is en niemand je opjaagt. [Bekijk de lijst]("+site+"/coffee)"))),
			column(w.picture("books", w.say("Four books in a stack with a plant on top", "Vier boeken op een stapel met een plant erop")),
				heading(3, w.say("Five for the train", "Vijf voor in de trein")),
				text(w.say("Short enough for the journey, long enough for the way back. [See the books]("+site+"/books)", "Kort genoeg voor de heenweg, lang genoeg voor de terugweg. [Bekijk de boeken]("+site+"/books)"))))),
		with(large(w.say("“I read it on the platform and let one train go.”", "“Ik las het op het perron en liet één trein gaan.”")), func(b *block.Block) { b.Align, b.Space = block.AlignCenter, block.SpaceWide }),
		centred(tight(small(w.say("Jo, reader since no. 3", "Jo, lezer sinds nr. 3")))),
	)
	w.end(site, w.say("You get this letter once a month because you asked for it.", "Je krijgt deze brief één keer per maand omdat je erom vroeg."), "Evening Post, Kerkstraat 1, 3511 AB Utrecht")
}

// offer: a new product, what it can do, and a price that ends.
func offer(w *writer) {
	const site = "https://www.lumen.example"
	w.t.Subject = w.say("New: a lamp that knows when it is evening", "Nieuw: een lamp die weet wanneer het avond is")
	w.t.Preheader = w.say("Meet Dusk. Until Sunday with 20% off, for readers of this letter.", "Maak kennis met Dusk. Tot en met zondag met 20% korting, voor lezers van deze mail.")
	w.t.Document.Brand = block.Brand{Name: "LUMEN", LogoURL: site, Color: "#B83E26", Tint: "#FBF1E7", Text: "#33231C", Sheet: "#FFFFFF", Ground: "#F6EADD",
		Heading: block.FontGeometric, Body: block.FontHumanist, Radius: 10, Width: 600}
	feature := func(title, body string) block.Column { return card(heading(3, title), small(body)) }
	w.add(
		bleed(w.picture("lamp", w.say("A red lamp over a table with a vase, books and a cup", "Een rode lamp boven een tafel met een vaas, boeken en een kopje"))),
		centred(heading(1, w.say("Meet Dusk", "Maak kennis met Dusk"))),
		centred(large(w.say("The first lamp that follows the sun: clear while you work, warm when you stop.", "De eerste lamp die de zon volgt: helder zolang je werkt, warm als je stopt."))),
		centred(button(w.say("See it glow", "Zie hem gloeien"), site+"/dusk")),
		centred(heading(2, w.say("Three reasons to switch it on", "Drie redenen om hem aan te doen"))),
		columns(
			feature(w.say("Follows you", "Volgt je dag"), w.say("Sets itself by the hour, no app needed.", "Stelt zich in naar het uur, zonder app.")),
			feature(w.say("Lasts", "Gaat lang mee"), w.say("25 years of evenings, and you can repair it.", "25 jaar aan avonden, en je kunt hem repareren.")),
			feature(w.say("Made near", "Dichtbij gemaakt"), w.say("Spun steel from a workshop in Ghent.", "Gedraaid staal uit een atelier in Gent."))),
		with(centred(heading(2, w.say("20% off until Sunday", "20% korting tot en met zondag"))), func(b *block.Block) { b.Fill = block.FillBrand }),
		filled(centred(text(w.say(`For you, {{ first_name | default: "reader of this letter" }}: **€ 159** in the place of € 199. Use the code **EVENING** when you pay.`,
			`Voor jou, {{ first_name | default: "lezer van deze mail" }}: **€ 159** in plaats van € 199. Gebruik bij het afrekenen de code **AVOND**.`)))),
		filled(centred(button(w.say("Order yours", "Bestel de jouwe"), site+"/order"))),
		centred(small(w.say("Free delivery, and 60 days to change your mind. [Questions?](mailto:hello@lumen.example)", "Gratis bezorgd, en 60 dagen om je te bedenken. [Vragen?](mailto:hello@lumen.example)"))),
	)
	w.end(site, w.say("You get this because you are a customer of Lumen.", "Je krijgt dit omdat je klant bent bij Lumen."), "Lumen, Lichtkade 20, 9000 Gent")
}

// invitation: what, when, where, and an answer.
func invitation(w *writer) {
	const site = "https://www.openhouse.example"
	w.t.Subject = w.say(`{{ first_name | default: "You" }}, come to the open studios`, `{{ first_name | default: "Jij" }}, kom naar de open ateliers`)
	w.t.Preheader = w.say("Friday 12 March, 19:00. Forty makers, one building, free soup.", "Vrijdag 12 maart, 19.00 uur. Veertig makers, één gebouw, gratis soep.")
	w.t.Document.Brand = block.Brand{Name: "Studio House", LogoURL: site, Color: "#16233F", Tint: "#FBF1E0", Text: "#16233F", Sheet: "#FFFFFF", Ground: "#F3E7D3",
		Heading: block.FontGeometric, Body: block.FontSans, Radius: 4, Width: 600}
	fact := func(label, line, more string) block.Column {
		return column(small("**"+label+"**"), tight(large("**"+line+"**")), tight(small(more)))
	}
	w.add(
		bleed(w.picture("poster", w.say("Circles, arcs and stripes in navy, coral, yellow and green", "Cirkels, bogen en strepen in marineblauw, koraal, geel en groen"))),
		heading(1, w.say("Doors open. *Come in.*", "De deuren staan open. *Kom binnen.*")),
		large(w.say(`Dear {{ first_name | default: "neighbour" }}, for one night the forty studios of the house are yours: presses, kilns, looms and the people who make them go.`,
			`Beste {{ first_name | default: "buur" }}, één avond zijn de veertig ateliers van het huis van jou: persen, ovens, weefgetouwen en de mensen die ze laten draaien.`)),
		tinted(columns(
			fact(w.say("When", "Wanneer"), w.say("Friday 12 March", "Vrijdag 12 maart"), w.say("19:00 to 23:00", "19.00 tot 23.00 uur")),
			fact(w.say("Where", "Waar"), "Havenweg 4", w.say("Rotterdam, tram 8", "Rotterdam, tram 8")),
			fact(w.say("Entrance", "Toegang"), w.say("Free", "Gratis"), w.say("Soup as well", "De soep ook")))),
		heading(2, w.say("The evening", "De avond")),
		block.Block{Kind: block.List, Text: w.say("**19:00** Doors, soup, a plan of the house\n**20:00** Print your own poster at the old press\n**21:30** Live: the Looms, on looms", "**19.00** Inloop, soep, een plattegrond van het huis\n**20.00** Druk je eigen affiche op de oude pers\n**21.30** Live: de Getouwen, op getouwen")},
		button(w.say("I am coming", "Ik kom"), site+"/yes"),
		small(w.say("Cannot make it? [Tell us]("+site+"/no) and somebody on the waiting list will be happy.", "Kun je niet? [Laat het weten]("+site+"/no), dan maak je iemand op de wachtlijst blij.")),
	)
	w.end(site, w.say("You get this invitation because you came by before.", "Je krijgt deze uitnodiging omdat je eerder langskwam."), "Studio House, Havenweg 4, 3089 JG Rotterdam")
}
