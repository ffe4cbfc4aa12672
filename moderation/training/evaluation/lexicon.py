"""Words that the measuring needs to find by themselves: rude and telling ones, and mentions of who people are.

Nothing is judged by these: they choose which word of a message to disguise, and which messages make a slice.
"""

import re

_RUDE_TEXT = (
    "idiot idiots idiotic stupid thick moron morons moronic fool fools dumb dense clown clowns muppet muppets "
    "prat prats twit plonker numpty wally pillock wanker wankers tosser tossers bellend knob knobhead dick "
    "dickhead arse arsehole arseholes twat twats git gits bastard bastards bitch bitches cow cows slag slags "
    "slut tart scum scumbag trash rat rats pig pigs snake witch bully bullies coward cowards liar liars lying "
    "thief thieves crook crooks corrupt useless pathetic disgusting disgrace vile nasty evil horrible rubbish "
    "incompetent lazy fat ugly freak freaks weirdo psycho nutter mental crap shit shite shitty bullshit "
    "bollocks bloody bugger piss pissed fuck fucks fucking fucked fucker effing wtf cunt cunts prick pricks retard "
    "retarded spastic nonce paedo pervert perv creep gobshite minger chav chavs pikey pikeys gyppo"
)
RUDE = frozenset(_RUDE_TEXT.split())

_TELLING_TEXT = (
    "kill punch smash batter slap hit hurt beat stab burn smack thump fight die dead regret sorry watch fists "
    "jaw teeth face stolen steal stole stealing hits hitting drunk fraud abuse abuses abusing drugs dealer "
    "foreigners immigrants illegal scrounger scroungers"
)
#: Words that tell something even where they are not rude; the rude ones are looked for first.
TELLING = frozenset(_TELLING_TEXT.split())

#: Words that are as often said in jest or of a thing as of a person: both readings are in the corpus.
PAIRED = (
    "stupid", "idiot", "idiots", "fuck", "fucking", "shit", "bloody", "crap", "arse", "pissed", "bollocks", "clown",
    "muppet", "useless", "pathetic", "disgrace", "disgusting", "nasty", "horrible", "rubbish", "lazy", "liar", "lying",
    "joke", "kill", "murder", "dead", "punch", "fat", "thick", "mental", "cow", "rat", "bully", "nightmare", "witch",
)  # fmt: skip

IDENTITY = re.compile(
    r"\b(?:muslims?|islam|christians?|catholics?|jews?|jewish|hindus?|sikhs?|black|white|asian|african|chinese|indian"
    r"|pakistani|polish|poles?|romanian|ukrainian|irish|somali|nigerian|turkish|english|welsh|scottish|gay|lesbian|bi"
    r"|trans|transgender|non-?binary|two (?:mums|dads)|travellers?|gypsy|roma|romani|refugees?|immigrants?|foreign)\b",
    re.IGNORECASE,
)
RELIGION = re.compile(
    r"\b(?:muslims?|islam|mosque|eid|ramadan|fasting|hijab|halal|christians?|catholics?|church|vicar|easter|lent|nativity"
    r"|communion|jews?|jewish|synagogue|kosher|hanukkah|passover|hindus?|diwali|temple|sikhs?|vaisakhi|turban|buddhist"
    r"|prayers?|praying|religio(?:n|us)|faith|assembly|bible|quran|atheist)\b",
    re.IGNORECASE,
)
DISABILITY = re.compile(
    r"\b(?:disab(?:led|ility|ilities)|sen|send|ehcp|senco|autis(?:m|tic)|adhd|asd|dyslexi[ac]|dyspraxi[ac]|down'?s|deaf"
    r"|blind|wheelchair|hearing aids?|epilep(?:sy|tic)|diabet(?:es|ic)|anxiety|depress(?:ed|ion)|selective mutism"
    r"|speech therap(?:y|ist)|additional needs|special needs|sensory|meltdowns?|blue badge|pda)\b",
    re.IGNORECASE,
)
_FILLER_TEXT = (
    "monday tuesday wednesday thursday friday saturday sunday january february march april june july august "
    "september october november december morning afternoon tomorrow everyone anybody somebody everybody something "
    "anything because through without children before should really would could about their there where which "
    "thanks school today teacher someone nothing people"
)
#: Long words that say little: days, months, and what every message of a class group is about.
FILLER = frozenset(_FILLER_TEXT.split())
