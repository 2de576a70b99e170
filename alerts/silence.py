"""Phrases of who must not be written to: wishes for silence, and phones that others read.

The syntax is that of `phrasebook`; `…_ES` is Spanish, `…_EN` English.
"""

# Promise 3: after «do not write to me» no automatic message leaves again. It lasts for the whole
# case, so it takes a clear wish not to be written to, or a phone that somebody else holds or reads.
SILENCE_ES = """
    no|ni|nunca|tampoco me|nos escriban|escriba|escribas|contesten|conteste|contestes|respondan
    |responda|respondas|texteen|textee|mensajeen|contacten|contacte
    no|ni|nunca|tampoco me|nos? manden|mande|mandes|envíen|envíe más|otro|ningún? mensaje|mensajes
    |sms|texto|textos|whatsapp
    no|ni me|nos manden|mande|mandes|envíen|envíe más? nada
    no|ni escriban|contesten|respondan $
    no escriban|contesten|respondan por|a? aquí|este|favor|mensajes|más|nada|porque|que|me|ahorita
    no escriban|contesten|respondan a? mi celular|teléfono|número|casa|mensajes|esposo|marido
    |patrón
    llamen|llame|marquen|marque|hablen|llamarme|marcarme|llamar ni escriban|escribir|escribirme
    |mensajes|mensaje
    no me|nos? llamen|hablen|hable|busquen por mensaje|mensajes|texto|whatsapp
    no deben|debe|hay|vayan|vaya|vayas a|que|de? escribirme|contestarme|responderme
    no quiero que me|nos? escriban|contesten|respondan
    mensajes|mensaje|textos tampoco
    ^ ya? dejen|deje de escribirme|escribir|contestarme
    favor dejen|deje de escribirme|escribir|contestarme
    no es seguro que me|nos? escriban|escriba|contesten|conteste|respondan|responda
    seguro|peligroso|riesgoso|quiero que me|nos? manden mensaje|mensajes|textos|sms
    no es seguro escribir|escribirme|contestar|contestarme|responder
    ^ no escribir|contestar|responder
    peligroso|arriesgado|riesgoso|peligro que|si me|nos? escriban|escriba|escriben|contesten
    |contestan|respondan|responden
    peligroso|arriesgado|riesgoso escribirme|contestarme|responderme
"""
SILENCE_EN = """
    dont|never|nor please? write|text|reply|respond|answer|message|contact me|us|back|here|this
    dont|never please? write|reply|respond to me|us|this
    dont please? write|text|reply|respond|answer|message $
    dont please? call|phone me|us? or|nor text|write|message|reply
    dont send me? anything|messages|texts|text
    dont want you to text|write|message|reply|answer
    ^ stop texting|messaging|writing
    please stop texting|messaging|writing
    not|isnt be? safe to? write|text|writing|texting|reply|respond|message
    not|isnt be? safe to? answer me|back|here
    not|isnt be? safe to? answer $
    dangerous|risky|unsafe to write|text|reply|respond|message
    dangerous|risky|unsafe if|that you write|text|reply|respond|answer|message
    you cant text|write|answer|reply|message me|us|back|here
"""
# Complaints that nobody answers, and dangers denied.
NOT_SILENCE_ES = """
    aunque|mientras no me|nos? contesten|conteste|respondan|responda|escriban|llamen|hablen|marquen
    posible|increíble|ser|justo|coraje|burla|hasta que no me|nos? contesten|conteste|respondan
    |responda|escriban|llamen|hablen|marquen
    miedo de que no me|nos? contesten|conteste|respondan|escriban|llamen
    no es|hay|sería? peligroso|arriesgado|riesgoso|peligro
"""
NOT_SILENCE_EN = """
    they|you|i|we|he|she|it|nobody|son|daughter|police|consulate|lawyer|office dont|never write|text
    |reply|respond|answer|call|message|contact
    husband|wife|brother|sister|mother|father|mom|dad never text|answer|call|reply
    not|isnt dangerous|risky|unsafe
"""

# Whoever cannot be called may still be written to, if they ask for it.
NO_CALLS_ES = """
    no|ni me|nos llamen|llame|llames|marquen|marque|hablen|hable
    no llamen|marquen|hablen por|a? aquí|este|favor
    no llamen|marquen|hablen a? mi celular|teléfono|número
    no llamen|marquen|hablen $
    no deben|debe|hay|vayan|vaya|vayas a|que|de? llamarme|marcarme
    no es seguro que me|nos? llamen|llame|marquen|marque|hablen
    no es seguro llamar|llamarme|marcarme
    ^ no llamar
    peligroso|arriesgado|riesgoso|peligro que|si me|nos? llamen|llame|llaman|marquen|marcan
    peligroso|arriesgado|riesgoso llamarme|marcarme
    si me|nos llaman|marcan|hablan ..!no|nadie mata|matan|pega|pegan|golpea|descubre|descubren
    |cacha|cachan|ve|oye|oyen|entera|enteran
"""
NO_CALLS_EN = """
    dont|never please? call me|us|back|here|this
    dont please? call $
    not|isnt be? safe to? call
    dangerous|risky|unsafe to call
"""
ASKS_FOR_WRITING_ES = """
    escríbanme|escríbame|escríbeme|escríbannos|textéenme|textéeme|textéame|mensajéenme|escriban
    |escriba
    manden|mande|manda|mándenme|mándeme|mándame|envíen|envíe|envíenme|envíame|dejen|déjenme un|por?
    | mensaje|mensajes|mensajito|mensajitos|texto|textos|sms|whatsapp|wasap|wats|msj
    solo|nomás|mejor|pueden|puede|prefiero|puro|puros escribir|escribirme|escribe|textear
    |mensaje|mensajes|mensajito|texto|textos|sms|whatsapp|wasap|wats|msj
    nada más mensaje|mensajes|texto|escribir
    por mensaje|mensajes|mensajito|texto|escrito|sms|whatsapp|wasap|wats|msj|chat
"""
ASKS_FOR_WRITING_EN = """
    text|txt|write|message me|us|here|only|instead|back|please
    only|just|please|better|can|rather text|txt|texts|write|message|messages
    send me? a? text|texts|message|messages
    by|via text|texts|message|sms
    text|write|message $
"""

# Who may hold somebody else's phone. Sons and daughters are left out: a lost child with the phone
# is told by a mother who waits for an answer.
_ONE = (
    "esposo|esposa|marido|pareja|novio|novia|patrón|patrona|jefe|jefa|mayordomo|contratista"
    "|capataz|coyote|pollero|señor|señora|hombre|mujer|tipo|vato|suegra|suegro|cuñado|cuñada"
    "|hermano|hermana|papá|mamá|padre|madre|padrastro|tío|tía|primo|prima|amigo|amiga|dueño|dueña"
    "|encargado|gente|secuestrador"
)
# «Señora, ¿tiene mi teléfono?» is a question to us, «la señora tiene mi teléfono» tells of her.
_THE = "el|la|mi|un|una|ese|esa|este|esta|su|los|las|mis|unos|unas|esos|sus"
_CLOSE = "esposo|esposa|marido|pareja|novio|alguien"
_SEVERAL = (
    "señores|hombres|tipos|vatos|patrones|jefes|coyotes|polleros|suegros|papás|padres"
    "|hermanos|tíos|dueños|guardias|encargados|secuestradores|narcos|muchachos|malos"
)
# «Mi esposo no llega, aquí tienen mi teléfono»: the words between would change who is meant.
_UNLESS = (
    "ya|aquí|ahí|acá|allí|no|ni|si|usted|ustedes|consulado|cónsul|oficina|licenciado|licenciada"
    "|policía|abogado|abogada|desapareció|desaparecido|perdido|perdió|perdida|llega|aparece"
)
_PHONE = "celular|celulares|teléfono|teléfonos|fon"
_READ = f"{_PHONE}|mensajes|mensajitos|whatsapp|wasap|wats|chats|textos|conversaciones"
_READS = "revisa|checa|chequea|lee|ve|vigila|controla|esculca|espía"
_THEY_READ = "revisan|checan|chequean|leen|ven|vigilan|controlan|esculcan|espían"
_READING = "viendo|leyendo|revisando|checando|vigilando|controlando|esculcando|espiando"
_PAPERS = "mi|mis? pasaporte|papeles|documentos|dinero|identificación? y?"

# Somebody else reads the phone: even the answer to an opt-out may be seen.
WATCHED_ES = f"""
    si me|nos escriben|contestan|responden ..!no|nadie mata|matan|pega|pegan|golpea|descubre
    |descubren|cacha|cachan|ve|ven|lee|leen|oye|oyen|entera|enteran
    si escriben|contestan|responden|mandan me|nos mata|matan|pega|pegan|golpea|descubre|cacha
    si me|nos mandan|envían un? mensaje|mensajes ..!no|nadie mata|matan|pega|pegan|golpea|descubre
    |descubren|cacha|cachan|ve|ven|lee|leen|entera|enteran
    me|nos {_READS}|{_THEY_READ} siempre|todo|todos? el|mi|mis|los {_READ}
    me|nos quita|quitan|tiene|tienen|agarra|agarran|guarda|esconde el|mi|mis|los {_PHONE}
    {_READS}|{_THEY_READ} mi|mis {_PHONE}|mensajes|whatsapp|wasap|wats|chats|textos
    {_THE} {_ONE} ..!{_UNLESS} está? {_READS}|{_READING} el|los|mi|mis {_PHONE}|mensajes|whatsapp
    {_CLOSE} ..!{_UNLESS} está? {_READS}|{_READING} el|los|mi|mis {_PHONE}|mensajes|whatsapp
    {_THE} {_SEVERAL} ..!{_UNLESS} están? {_READING}|{_THEY_READ} el|los|mi|mis {_PHONE}|mensajes
    me|nos está|están|anda|andan {_READING} todo|todos? el|los|mi|mis {_READ}
    está|están|anda|andan {_READING} todo|todos? mi|mis {_READ}
    él|ella|esposo|marido|novio|pareja|patrón lee|revisa|checa todo
    él|ella siempre|también|ahorita|ahora|todavía|aún|me? tiene|trae|carga {_PAPERS} mi {_PHONE}
    {_THE} {_ONE} ya? ..!{_UNLESS} tiene|trae|carga {_PAPERS} mi {_PHONE}
    {_CLOSE} ya? ..!{_UNLESS} tiene|trae|carga {_PAPERS} mi {_PHONE}
    ellos|ellas siempre|también|ahorita|ahora|todavía|aún? tienen|traen|cargan {_PAPERS} mi {_PHONE}
    {_THE} {_SEVERAL} ya? ..!{_UNLESS} tienen|traen|cargan {_PAPERS} mi {_PHONE}
    me|nos tienen|agarraron|encerraron|secuestraron|amarraron|quitaron|pegan|pegaron ..!ya y tienen
    | {_PAPERS} mi {_PHONE}
    agarra|agarran|quita|quitan|esconde mi {_PHONE} !señal|red|línea|internet|bien
"""
# Having the phone is also having its number: whoever has it «and calls me» calls from another.
NOT_WATCHED_ES = f"""
    tiene|tienen|trae|traen mi {_PHONE} y? que? siempre|ya|a|cada? rato? me|nos llama|llaman|marca
    |marcan|habla|hablan|escribe|escriben|manda|mandan
    tiene|tienen|trae|traen mi {_PHONE} y? me|nos? está|están llamando|marcando|hablando
    tiene|tienen mi {_PHONE} y llama|llaman|marca|marcan !a|al|con|desde|de
    tiene|tienen|trae|traen mi {_PHONE} y? no|ya contesta|contestan|responde
    nadie|nunca|ni me|nos? {_READS}|{_THEY_READ} el|los|mi|mis {_READ}
    usted|ustedes {_READS}|{_THEY_READ} mi|mis {_READ}
    no leen|ven|revisan|checan mis mensajes|textos
    no están {_READING} mis mensajes|textos
    {_ONE}|hijo|hija|hijos|él|ella ya? no me? lee|ve|revisa|checa mis|los mensajes|textos|whatsapp
    si están? ven|leen|revisan|{_READING} mi|mis mensajes por|me? favor|contesten|contéstenme
    |respondan|respóndanme|contestan|responden|llámenme|llaman|ayúdenme|ayudan|avísenme|escríbanme
    por favor {_READS}|{_THEY_READ} mi|mis {_READ}
    {_READS}|{_THEY_READ} mi|mis {_READ} por favor
    ^ quién|quien {_READS} mi|mis {_READ}
    ^ una persona {_READS} mi|mis {_READ}
    no agarra mi {_PHONE}
"""
_OTHERS = (
    "he|she|they|husband|wife|partner|boss|boyfriend|girlfriend|ex|coyote|smuggler|trafficker|man"
    "|men|guy|guys|captors|kidnappers|foreman|owner|someone|somebody|mother|father|mom|dad"
    "|brother|sister"
)
WATCHED_EN = f"""
    {_OTHERS} always|also|still? checks|check|reads|read|has|have|monitors|sees|takes|holds|keeps
    |controls|watches my cell|text? phone|cellphone|messages|texts|whatsapp !number
    {_OTHERS} s|is|are|re|will|ll|can|could|might reading|checking|watching|holding|monitoring|read
    |check|see|monitor my text? phone|messages|texts|whatsapp
    going|goes|go through my phone|messages
"""
NOT_WATCHED_EN = """
    has|have my cell? phone and? keeps|keep|always|s|is|are? call|calls|calling|text|texts|texting
    | me|us|asking|demanding|for|to
    you guys|men|people have my cell? phone
    do|did|does|if they|he|she have my cell? phone
"""
