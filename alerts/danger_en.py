"""What people in danger write in English, by kind of danger; the syntax is that of `phrasebook`.

Apostrophes are spaces here: «don't» is «dont», and «dont», «im», «cant» are read as the same.
"""

KIN = (
    "son|sons|daughter|daughters|husband|wife|brother|brothers|sister|sisters|mother|father|mom"
    "|mum|dad|cousin|cousins|uncle|aunt|nephew|niece|child|children|kid|kids|baby|boyfriend"
    "|girlfriend|friend|friends|family|partner|relative|grandson|grandmother|grandfather"
)
_ME = "me|us"
_THEM = "me|us|him|her|them"
_MY = "my|our|his|her|their|a|the|two|three"
_IS = "m|am|re|are|is|s|was|were|been|being|got|get|getting"
_NOT = "wont|dont|didnt|doesnt|not|never|wouldnt"
_HURTING = (
    "hitting|beating|hurting|raping|attacking|stabbing|choking|strangling|abusing|assaulting"
    "|threatening|torturing|kicking|following|chasing|stalking|robbing|punching|killing|holding"
    "|keeping|shooting|drugging|forcing|molesting|harassing"
)
_HURT = (
    "hit|hits|beat|beats|hurt|hurts|rape|rapes|raped|attacked|stabbed|choked|chokes|strangled"
    "|abused|abuses|assaulted|threatened|threatens|tortured|kicked|kicks|followed|chased"
    "|robbed|punched|punches|shot|kidnapped|drugged|sold|molested|molests"
)
_GUN = "gun|guns|knife|knives|weapon|weapons|machete|rifle"

CRY_FOR_HELP = f"""
    help me !with|find|apply|fill|get|understand|register|to
    help us !with|find|apply|fill|get|understand|register|to
    help me|us get|to out|away|escape|leave|find my
    help help
    ^ hello|hi|hey help $
    help please
    ^ please help
    please help $
    someone|somebody|anyone|anybody please? help
    ^ i|we? need|want help please? $
    need help now|asap|urgently|fast|right|immediately
    urgent help
    ^ this|it? is|s? urgent $
    send|get|need|bring help|police|someone|somebody|an|the? police|ambulance|cops $
    send the? police|help|someone|somebody|an|cops
    call the? police|cops|911|ambulance
    save|rescue me|us
    get me|us out
    come get me|us
    in danger
    my life is|depends
    an|have emergency
    i|we {_IS} so|very|really? scared|afraid|terrified !of
    mayday
    please hurry
    ^ hurry
    sos $
"""

CALLED_AND_NOBODY_CAME = """
    called|calling|call|dialed|dial|to|phoned 911
    911 not|isnt|is|wont|doesnt|nobody|no|and|but|didnt
    police|cops|ambulance not|wont|didnt|isnt|never coming|come|came|answer|answering
"""

HELD = f"""
    hold|holds|holding|keep|keeps|keeping|held me|us|him|her|them !posted|updated|informed
    held|kept against|here|captive|prisoner|hostage
    {_IS} being held
    against my|our|her|his|their will
    {_NOT} let|letting|allow {_THEM} to? go|leave|out|call|talk|eat|sleep|speak
    cant leave|escape $
    cant leave|escape here|this|the|my house|room|place|farm|ranch|job|camp
    we|i cant go|leave $
    hiding
    stash|safe house
    dont let them|him take|get|find
    makes us|me work !hard|well
    they make us|me work
    cant get out !of
    cant talk|speak $
    cant talk|speak now|right|he|they|she
    {_IS} trapped|chained|captive|imprisoned
    {_IS} locked|tied in|up|inside|here|down
    i|we {_IS} trapped|locked|tied|stuck|captive
    locked|lock|locks {_THEM} in|up|inside|out
    tied {_THEM}? up
    take|took|takes|taken|kept|keep|keeps|hid|hides my|our|his|her|their passport|passports|papers
    |documents|phone|id
    force|forces|forced|forcing {_THEM}
    forced to
    traffick*
    selling|sell|sold {_THEM} to|as
    being sold
    wont|dont|didnt|doesnt give|return me|us? back? my|our|the? passport|passports|papers|documents
    |phone
    in detention|custody
    slave|slaves|slavery|enslaved
    they|he|people have|has|got me|us !on|registered|listed|down|waiting|confused
    they|cartel|gang has|have|got {_MY} {KIN}
    the? cartel|gang|coyote|smuggler|smugglers has|have|took|got|left|abandoned|wants|want
    they have|got|ve him|her|them $
"""

KIDNAPPED_OR_TAKEN = f"""
    kidnap*
    abduct*
    hostage|hostages
    they|he|someone|somebody|men|police|ice took|grabbed|snatched|taken|take|have|picked {_THEM}
    took|grabbed|snatched|taken {_MY} {KIN}
    {KIN} {_IS} taken
    was|were|been|got taken
"""

MISSING = f"""
    {KIN} .. missing|disappeared|vanished
    missing|disappeared {KIN}|person|persons|migrant|migrants
    {KIN} .. not|never|hasnt|didnt|isnt|doesnt|havent .. answer|answered|answering|answers|come
    |came|coming|arrive|arrived|return|returned|called|home|back|responding
    cant find|reach|locate|contact {_MY} {KIN}
    not|havent|never heard from {_MY}? {KIN}|him|her|them
    lost contact
    looking|searching for my|our {KIN}
"""

DETAINED = f"""
    ice|immigration|migra .. took|arrested|detained|raid|raids|raiding|outside|knocking|door|here
    raid|raids $
    a raid
    {_IS} detained|arrested
    detained|arrested {_MY}? {KIN}|me|us|him|her|them
    {KIN} {_IS}? detained|arrested
"""

VIOLENCE = f"""
    {_HURTING} me|us|him|her|them !with|on|up
    {_HURT} me|us|him|her|them !up
    {_HURTING}|{_HURT} my|our {KIN}
    i|we|he|she|they {_IS} raped|beaten|stabbed|shot|attacked|followed|threatened|abused|robbed
    |assaulted|tortured|drugged
    been|being|was|were|got|is raped|beaten|stabbed|shot|attacked|followed|threatened|abused
    |assaulted|tortured|drugged|chased
    rape|raped|raping
    uncle|father|dad|stepfather|brother|cousin|boss|he|man touches|touched me
    threat*
    has|have|with|got|pulled|pointing a? {_GUN}
    gunshot|gunshots|shooting|gunmen|gunman|shots
    armed men|man|people|group
    bleeding
    stop hitting|hurting|beating
    dont hurt|kill|shoot|hit
    i|he|she|we|they {_IS} badly|seriously|very? hurt|injured|wounded|bleeding
    abusive
    domestic violence
"""

THREATS = f"""
    kill me|us|him|her|them|my|our|you|everyone
    kill|hurt|harm|rape|shoot|murder|beat|sell me|us|him|her|them
    want|wants|going|trying|try|will|ll|threatened to? kill|hurt|harm|rape|shoot|murder|beat
    | {_THEM}|my|our
    murder|murdered|murderer
    are|re|is|s|someone|somebody after me|us
    following|follows|chasing|stalking|hunting me|us
    come|coming|came for me|us
    will|ll|going|gonna to? find|get me|us
    someone|somebody|man|men|people|they|he is|are|s|re? outside|in my|the house|door|home|room
    they|he are|re|is|s outside|inside|coming
"""

SELF_HARM = """
    want|wanted|wish|rather|like|going to? die
    want|wanted|wish|like to be dead
    i wish i was|were dead
    kill|killing|hurt|hurting|harm|harming|cut|cutting|hang myself
    suicide|suicidal
    end|ending|take|taking my own? life
    end|ending it all
    dont want to live|exist
    dont want to be alive|here
    no reason to live
    better off dead
    cant take it|this anymore
    cant take it|this $
    cant go on
    took .. pills
"""

HURT_OR_STRANDED = f"""
    cant|not|isnt breathe|breathing
    m|am|is|s|are|re dying
    going to die
    unconscious
    passed out
    heart attack
    overdose|overdosed|poisoned
    car|bad|terrible|an accident|crash
    drowning|drowned
    heat stroke
    lost in the? desert|mountains|woods|hills|brush|river
    i|we {_IS} lost $
    in the desert
    not|wont|doesnt|isnt|arent wake|waking|breathing|responding up?
    a|the|on fire
    no|without water|food|air
    left|abandoned me|us|him|her|them behind|to|in|alone|here|stranded
    abandoned us|me|them
    stranded
    in the|a trunk|container
    inside a|the trunk|trailer|container|truck
"""

EXTORTED = """
    extort*
    ransom
    to let|release|free him|her|them|me|us go
    if we|i dont pay
"""

DANGER = "".join((
    CRY_FOR_HELP, CALLED_AND_NOBODY_CAME, HELD, KIDNAPPED_OR_TAKEN, MISSING, DETAINED,
    VIOLENCE, THREATS, SELF_HARM, HURT_OR_STRANDED, EXTORTED,
))  # fmt: skip
