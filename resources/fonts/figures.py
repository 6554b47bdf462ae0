#!/usr/bin/env python3
"""Makes the Sendoff-Figures-*.otf files from Inter.

They are subsets with figures, punctuation and a few letters, under a name of
their own as the licence asks. Tabular: every digit has one width, so that numbers
stand still while they count. Light: set tighter, for large sizes.

Needs Debian's python3-fonttools. Run it in this folder.
"""
from fontTools.ttLib import TTFont
from fontTools import subset
TEXT=[ord(c) for c in "0123456789 .,:;%–—-−+/()·•~≈×kKMms\u00a0\u202f'’ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyzéèëïöü"]
def make(src,out,family,tab,em):
    f=TTFont(src)
    if tab:
        gsub=f["GSUB"].table; m={}
        for fr in gsub.FeatureList.FeatureRecord:
            if fr.FeatureTag=="tnum":
                for i in fr.Feature.LookupListIndex:
                    for st in gsub.LookupList.Lookup[i].SubTable:
                        st=getattr(st,"ExtSubTable",st)
                        if hasattr(st,"mapping"): m.update(st.mapping)
        cm=f.getBestCmap()
        for t in f["cmap"].tables:
            if t.isUnicode():
                for cp in list(t.cmap):
                    g=t.cmap[cp]
                    if g in m and chr(cp) in "0123456789": t.cmap[cp]=m[g]
    upem=f["head"].unitsPerEm
    if em:
        h=f["hmtx"]
        for g,(a,l) in h.metrics.items():
            if a>0: h.metrics[g]=(max(1,int(a+em*upem)),l)
    o=subset.Options(); o.layout_features=[]; o.name_IDs=["*"]; o.notdef_outline=True; o.hinting=False
    s=subset.Subsetter(o); s.populate(unicodes=TEXT); s.subset(f)
    for n in f["name"].names:
        v=n.toUnicode()
        if n.nameID in(1,3,4,6,16): n.string=family.replace(" ","") if n.nameID==6 else family
    f["name"].names=[n for n in f["name"].names if n.nameID in(0,1,2,3,4,5,6,13,14)]
    if "CFF " in f:
        c=f["CFF "].cff; c.fontNames[0]=family.replace(" ","")
        td=c.topDictIndex[0]; td.FullName=family; td.FamilyName=family
    f.save(out)
make("Inter-Light.otf","Sendoff-Figures-Light.otf","Sendoff Figures Light",False,-0.022)
make("Inter-Light.otf","Sendoff-Figures-LightTabular.otf","Sendoff Figures Light Tabular",True,-0.022)
make("Inter-Regular.otf","Sendoff-Figures-Tabular.otf","Sendoff Figures Tabular",True,0)
