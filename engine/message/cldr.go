package message

import "strings"

// The tables are of Unicode CLDR 48 (unicode.org/cldr, Unicode License v3), in the
// Gregorian calendar and with Latin digits.

// dateNames are the words of one language, each list divided by commas.
type dateNames struct {
	months, mon string // from January; as they stand in a date
	days, day   string // from Sunday
	halves      string // of a day
}

// namesOf returns the words of a language; those of English for one that is not
// here.
func namesOf(lang string) dateNames {
	switch lang {
	case "nl":
		return dateNames{
			"januari,februari,maart,april,mei,juni,juli,augustus,september,oktober,november,december",
			"jan,feb,mrt,apr,mei,jun,jul,aug,sep,okt,nov,dec",
			"zondag,maandag,dinsdag,woensdag,donderdag,vrijdag,zaterdag",
			"zo,ma,di,wo,do,vr,za",
			"a.m.,p.m."}
	case "de":
		return dateNames{
			"Januar,Februar,März,April,Mai,Juni,Juli,August,September,Oktober,November,Dezember",
			"Jan.,Feb.,März,Apr.,Mai,Juni,Juli,Aug.,Sept.,Okt.,Nov.,Dez.",
			"Sonntag,Montag,Dienstag,Mittwoch,Donnerstag,Freitag,Samstag",
			"So.,Mo.,Di.,Mi.,Do.,Fr.,Sa.",
			"AM,PM"}
	case "fr":
		return dateNames{
			"janvier,février,mars,avril,mai,juin,juillet,août,septembre,octobre,novembre,décembre",
			"janv.,févr.,mars,avr.,mai,juin,juil.,août,sept.,oct.,nov.,déc.",
			"dimanche,lundi,mardi,mercredi,jeudi,vendredi,samedi",
			"dim.,lun.,mar.,mer.,jeu.,ven.,sam.",
			"AM,PM"}
	case "es":
		return dateNames{
			"enero,febrero,marzo,abril,mayo,junio,julio,agosto,septiembre,octubre,noviembre,diciembre",
			"ene,feb,mar,abr,may,jun,jul,ago,sept,oct,nov,dic",
			"domingo,lunes,martes,miércoles,jueves,viernes,sábado",
			"dom,lun,mar,mié,jue,vie,sáb",
			"a.\u202fm.,p.\u202fm."}
	case "it":
		return dateNames{
			"gennaio,febbraio,marzo,aprile,maggio,giugno,luglio,agosto,settembre,ottobre,novembre,dicembre",
			"gen,feb,mar,apr,mag,giu,lug,ago,set,ott,nov,dic",
			"domenica,lunedì,martedì,mercoledì,giovedì,venerdì,sabato",
			"dom,lun,mar,mer,gio,ven,sab",
			"AM,PM"}
	case "pt":
		return dateNames{
			"janeiro,fevereiro,março,abril,maio,junho,julho,agosto,setembro,outubro,novembro,dezembro",
			"jan.,fev.,mar.,abr.,mai.,jun.,jul.,ago.,set.,out.,nov.,dez.",
			"domingo,segunda-feira,terça-feira,quarta-feira,quinta-feira,sexta-feira,sábado",
			"dom.,seg.,ter.,qua.,qui.,sex.,sáb.",
			"AM,PM"}
	case "ca":
		return dateNames{
			"de gener,de febrer,de març,d’abril,de maig,de juny,de juliol,d’agost,de setembre,d’octubre,de novembre,de desembre",
			"de gen.,de febr.,de març,d’abr.,de maig,de juny,de jul.,d’ag.,de set.,d’oct.,de nov.,de des.",
			"diumenge,dilluns,dimarts,dimecres,dijous,divendres,dissabte",
			"dg.,dl.,dt.,dc.,dj.,dv.,ds.",
			"a.\u202fm.,p.\u202fm."}
	case "da":
		return dateNames{
			"januar,februar,marts,april,maj,juni,juli,august,september,oktober,november,december",
			"jan.,feb.,mar.,apr.,maj,jun.,jul.,aug.,sep.,okt.,nov.,dec.",
			"søndag,mandag,tirsdag,onsdag,torsdag,fredag,lørdag",
			"søn.,man.,tirs.,ons.,tors.,fre.,lør.",
			"AM,PM"}
	case "sv":
		return dateNames{
			"januari,februari,mars,april,maj,juni,juli,augusti,september,oktober,november,december",
			"jan.,feb.,mars,apr.,maj,juni,juli,aug.,sep.,okt.,nov.,dec.",
			"söndag,måndag,tisdag,onsdag,torsdag,fredag,lördag",
			"sön,mån,tis,ons,tors,fre,lör",
			"fm,em"}
	case "nb":
		return dateNames{
			"januar,februar,mars,april,mai,juni,juli,august,september,oktober,november,desember",
			"jan.,feb.,mars,apr.,mai,juni,juli,aug.,sep.,okt.,nov.,des.",
			"søndag,mandag,tirsdag,onsdag,torsdag,fredag,lørdag",
			"søn.,man.,tir.,ons.,tor.,fre.,lør.",
			"a.m.,p.m."}
	case "fi":
		return dateNames{
			"tammikuuta,helmikuuta,maaliskuuta,huhtikuuta,toukokuuta,kesäkuuta,heinäkuuta,elokuuta,syyskuuta,lokakuuta,marraskuuta,joulukuuta",
			"tammi,helmi,maalis,huhti,touko,kesä,heinä,elo,syys,loka,marras,joulu",
			"sunnuntai,maanantai,tiistai,keskiviikko,torstai,perjantai,lauantai",
			"su,ma,ti,ke,to,pe,la",
			"ap.,ip."}
	case "pl":
		return dateNames{
			"stycznia,lutego,marca,kwietnia,maja,czerwca,lipca,sierpnia,września,października,listopada,grudnia",
			"sty,lut,mar,kwi,maj,cze,lip,sie,wrz,paź,lis,gru",
			"niedziela,poniedziałek,wtorek,środa,czwartek,piątek,sobota",
			"niedz.,pon.,wt.,śr.,czw.,pt.,sob.",
			"AM,PM"}
	case "cs":
		return dateNames{
			"ledna,února,března,dubna,května,června,července,srpna,září,října,listopadu,prosince",
			"led,úno,bře,dub,kvě,čvn,čvc,srp,zář,říj,lis,pro",
			"neděle,pondělí,úterý,středa,čtvrtek,pátek,sobota",
			"ne,po,út,st,čt,pá,so",
			"dop.,odp."}
	case "sk":
		return dateNames{
			"januára,februára,marca,apríla,mája,júna,júla,augusta,septembra,októbra,novembra,decembra",
			"jan,feb,mar,apr,máj,jún,júl,aug,sep,okt,nov,dec",
			"nedeľa,pondelok,utorok,streda,štvrtok,piatok,sobota",
			"ne,po,ut,st,št,pi,so",
			"AM,PM"}
	case "sl":
		return dateNames{
			"januar,februar,marec,april,maj,junij,julij,avgust,september,oktober,november,december",
			"jan.,feb.,mar.,apr.,maj,jun.,jul.,avg.,sep.,okt.,nov.,dec.",
			"nedelja,ponedeljek,torek,sreda,četrtek,petek,sobota",
			"ned.,pon.,tor.,sre.,čet.,pet.,sob.",
			"dop.,pop."}
	case "hr":
		return dateNames{
			"siječnja,veljače,ožujka,travnja,svibnja,lipnja,srpnja,kolovoza,rujna,listopada,studenoga,prosinca",
			"sij,velj,ožu,tra,svi,lip,srp,kol,ruj,lis,stu,pro",
			"nedjelja,ponedjeljak,utorak,srijeda,četvrtak,petak,subota",
			"ned,pon,uto,sri,čet,pet,sub",
			"AM,PM"}
	case "hu":
		return dateNames{
			"január,február,március,április,május,június,július,augusztus,szeptember,október,november,december",
			"jan.,febr.,márc.,ápr.,máj.,jún.,júl.,aug.,szept.,okt.,nov.,dec.",
			"vasárnap,hétfő,kedd,szerda,csütörtök,péntek,szombat",
			"V,H,K,Sze,Cs,P,Szo",
			"de.,du."}
	case "ro":
		return dateNames{
			"ianuarie,februarie,martie,aprilie,mai,iunie,iulie,august,septembrie,octombrie,noiembrie,decembrie",
			"ian.,feb.,mar.,apr.,mai,iun.,iul.,aug.,sept.,oct.,nov.,dec.",
			"duminică,luni,marți,miercuri,joi,vineri,sâmbătă",
			"dum.,lun.,mar.,mie.,joi,vin.,sâm.",
			"a.m.,p.m."}
	case "bg":
		return dateNames{
			"януари,февруари,март,април,май,юни,юли,август,септември,октомври,ноември,декември",
			"яну,фев,март,апр,май,юни,юли,авг,сеп,окт,ное,дек",
			"неделя,понеделник,вторник,сряда,четвъртък,петък,събота",
			"нд,пн,вт,ср,чт,пт,сб",
			"am,pm"}
	case "el":
		return dateNames{
			"Ιανουαρίου,Φεβρουαρίου,Μαρτίου,Απριλίου,Μαΐου,Ιουνίου,Ιουλίου,Αυγούστου,Σεπτεμβρίου,Οκτωβρίου,Νοεμβρίου,Δεκεμβρίου",
			"Ιαν,Φεβ,Μαρ,Απρ,Μαΐ,Ιουν,Ιουλ,Αυγ,Σεπ,Οκτ,Νοε,Δεκ",
			"Κυριακή,Δευτέρα,Τρίτη,Τετάρτη,Πέμπτη,Παρασκευή,Σάββατο",
			"Κυρ,Δευ,Τρί,Τετ,Πέμ,Παρ,Σάβ",
			"π.μ.,μ.μ."}
	case "tr":
		return dateNames{
			"Ocak,Şubat,Mart,Nisan,Mayıs,Haziran,Temmuz,Ağustos,Eylül,Ekim,Kasım,Aralık",
			"Oca,Şub,Mar,Nis,May,Haz,Tem,Ağu,Eyl,Eki,Kas,Ara",
			"Pazar,Pazartesi,Salı,Çarşamba,Perşembe,Cuma,Cumartesi",
			"Paz,Pzt,Sal,Çar,Per,Cum,Cmt",
			"ÖÖ,ÖS"}
	case "uk":
		return dateNames{
			"січня,лютого,березня,квітня,травня,червня,липня,серпня,вересня,жовтня,листопада,грудня",
			"січ.,лют.,бер.,квіт.,трав.,черв.,лип.,серп.,вер.,жовт.,лист.,груд.",
			"неділя,понеділок,вівторок,середа,четвер,пʼятниця,субота",
			"нд,пн,вт,ср,чт,пт,сб",
			"дп,пп"}
	case "et":
		return dateNames{
			"jaanuar,veebruar,märts,aprill,mai,juuni,juuli,august,september,oktoober,november,detsember",
			"jaan,veebr,märts,apr,mai,juuni,juuli,aug,sept,okt,nov,dets",
			"pühapäev,esmaspäev,teisipäev,kolmapäev,neljapäev,reede,laupäev",
			"P,E,T,K,N,R,L",
			"AM,PM"}
	case "lv":
		return dateNames{
			"janvāris,februāris,marts,aprīlis,maijs,jūnijs,jūlijs,augusts,septembris,oktobris,novembris,decembris",
			"janv.,febr.,marts,apr.,maijs,jūn.,jūl.,aug.,sept.,okt.,nov.,dec.",
			"svētdiena,pirmdiena,otrdiena,trešdiena,ceturtdiena,piektdiena,sestdiena",
			"svētd.,pirmd.,otrd.,trešd.,ceturtd.,piektd.,sestd.",
			"priekšp.,pēcp."}
	case "lt":
		return dateNames{
			"sausio,vasario,kovo,balandžio,gegužės,birželio,liepos,rugpjūčio,rugsėjo,spalio,lapkričio,gruodžio",
			"saus.,vas.,kov.,bal.,geg.,birž.,liep.,rugp.,rugs.,spal.,lapkr.,gruod.",
			"sekmadienis,pirmadienis,antradienis,trečiadienis,ketvirtadienis,penktadienis,šeštadienis",
			"sk,pr,an,tr,kt,pn,št",
			"priešpiet,popiet"}
	case "ga":
		return dateNames{
			"Eanáir,Feabhra,Márta,Aibreán,Bealtaine,Meitheamh,Iúil,Lúnasa,Meán Fómhair,Deireadh Fómhair,Samhain,Nollaig",
			"Ean,Feabh,Márta,Aib,Beal,Meith,Iúil,Lún,MFómh,DFómh,Samh,Noll",
			"Dé Domhnaigh,Dé Luain,Dé Máirt,Dé Céadaoin,Déardaoin,Dé hAoine,Dé Sathairn",
			"Domh,Luan,Máirt,Céad,Déar,Aoine,Sath",
			"r.n.,i.n."}
	}
	return dateNames{
		"January,February,March,April,May,June,July,August,September,October,November,December",
		"Jan,Feb,Mar,Apr,May,Jun,Jul,Aug,Sep,Oct,Nov,Dec",
		"Sunday,Monday,Tuesday,Wednesday,Thursday,Friday,Saturday",
		"Sun,Mon,Tue,Wed,Thu,Fri,Sat",
		"AM,PM"}
}

// regional are the words where a region has others than its language.
func (n dateNames) regional(tag string) dateNames {
	switch tag {
	case "de-AT":
		n.months = strings.Replace(n.months, "Januar,", "Jänner,", 1)
		n.mon = strings.NewReplacer("Jan.", "Jän.", "Sept.", "Sep.").Replace(n.mon)
	case "en-GB", "en-IE":
		n.mon = strings.Replace(n.mon, "Sep", "Sept", 1)
	case "en-AU":
		n.mon = strings.NewReplacer("Jun", "June", "Jul", "July", "Sep", "Sept").Replace(n.mon)
	case "es-MX":
		n.mon = strings.Replace(n.mon, "sept", "sep", 1)
	case "fr-CA":
		n.mon = strings.Replace(n.mon, "juil.", "juill.", 1)
	}
	return n
}
