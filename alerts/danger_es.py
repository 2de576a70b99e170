"""What people in danger write in Spanish, by kind of danger; the syntax is that of `phrasebook`.

Drafted from the programme's scripts, not yet reviewed by speakers or by the duty team, who should
read the lists aloud and add to them. A phrase too many wakes somebody for nothing; a phrase too
few leaves somebody alone. Spelling by ear (biolar, enserrada, kieren) needs no line of its own.
"""

KIN = (
    "hijo|hija|hijos|hijas|hijito|hijita|esposo|esposa|marido|mujer|hermano|hermana|hermanos"
    "|hermanas|mamá|papá|madre|padre|papás|padres|familiar|familiares|familia|sobrino|sobrina"
    "|sobrinos|primo|prima|primos|tío|tía|tíos|nieto|nieta|nietos|niño|niña|niños|niñas|bebé"
    "|pareja|novio|novia|cuñado|cuñada|suegro|suegra|yerno|nuera|amigo|amiga|amigos|compañero"
    "|compañera|compañeros|paisano|paisana|paisanos|abuelo|abuela|muchacho|muchacha|muchachos"
)
ME = "me|nos"
THEM = "me|nos|lo|la|los|las|le|les"
A = "un|una|unos|unas|el|la|los|las|mi|mis|nuestro|nuestra|nuestros|nuestras|su|sus|dos|tres"
_IS = "estoy|estamos|está|están|sigo|seguimos|sigue|siguen|quedé|quedó|quedamos|quedaron"
_WILL = "va|van|iba|iban|quiere|quieren|quería|querían|puede|pueden|amenaza|amenazan"
_CAPTIVE = (
    "encerrad*|enserad*|secuestrad*|retenid*|detenid*|amarrad*|atado|atada|atados|atrapad*"
    "|cautiv*|escondid*|vendad*|esposados|amenazad*|golpead*|esclav*"
)
_HARM = (
    "matar|golpear|pegar|violar|quemar|desaparecer|lastimar|quebrar|ejecutar|chingar|mochar"
    "|torturar|asesinar|ahorcar|ahogar|balear|picar|secuestrar|descuartizar|linchar|encerrar"
)
_HARMING = (
    "golpeando|golpiando|pegando|matando|siguiendo|siguendo|sigiendo|persiguiendo|correteando|buscando"
    "|vigilando|acosando|amenazando|lastimando|violando|obligando|forzando|apuntando"
    "|disparando|tirando|balaceando|atacando|asaltando|extorsionando|torturando|ahorcando"
    "|ahogando|quemando|cazando|rodeando|encerrando|maltratando|abusando|robando"
    "|deteniendo|arrestando|agarrando|llevando|subiendo"
)
_LEAVE = "salir|salirme|irme|irnos|irse|ir|escapar|escaparme|huir"
_MOVE = f"{_LEAVE}|llamar|hablar|comer|dormir|volver|regresar|moverme|movernos"
_PLACE = (
    "aquí|ahí|allí|acá|casa|cuarto|bodega|rancho|sótano|hotel|campo|lugar|tráiler|trabajo|camión"
)
_HELLO = "hola? buenas|buenos|buen|muy? días|día|tardes|noches|noche? por? favor?"
_ERRAND = "a|al|de|del|en|con|hasta|antes|temprano|hoy|mañana|porque|por|bien"
_GOODS = "un|una|el|la|los|las|unos|unas|visa|visas|boletos|terrenos|papeles|por|en|con|a|más"
_ARMS = "pistola|pistolas|arma|armas|cuchillo|cuchillos|navaja|rifle|rifles|machete"
_CAR = "carro|camioneta|troca|coche|camión|tráiler|cajuela|patrulla|taxi"
_WHO = "hombre|hombres|gente|tipo|tipos|sujeto|sujetos|personas|señor|señores|vatos|policías"

CRY_FOR_HELP = f"""
    ayúdenme
    ayudemen|ayudenmen|aiudenme|ayudnme|ayudennos|ayúdenos|ayudenos
    ayúdame|ayúdeme|ayúdanos|aiudame|aiudeme !con|a|para
    ayúdame|ayúdeme|ayúdanos a {_LEAVE}
    alguien|quien que? me|nos ayude|ayuden|ayuda !con|a|para
    que alguien me|nos ayude
    nadie me|nos ayuda|ayudó !con|a|para
    auxilio|auxilo|auxlio|axilio|auxillio|ausilo
    ^ socorro
    socorro $
    ayuda urgente
    urgente|urge ayuda
    ayuda ayuda
    necesito|necesitamos|ocupo|ocupamos ayuda urgente|ya|rápido|ahora|ahorita|pronto
    ayuda ya|rápido|pronto|ahora|ahorita $
    ^ {_HELLO} necesito|necesitamos|ocupo|ocupamos|pido mucha? ayuda por? favor? $
    ^ {_HELLO} ayuda por favor $
    ^ hola|saludos ayuda $
    ^ hola? buenas|buenos|buen días|día|tardes|noches|noche ayuda $
    ^ hola? por favor ayuda $
    ayuden por favor
    ^ ayuden|ayude
    ^ es? muy? urgente|urge por? favor? $
    es|tengo|hay|tenemos una? emergencia
    sos $
    sos sos
    manden|mande|mándenme|envíen|envíe|traigan ayuda|alguien
    manden|mande|envíen a alguien
    llamen|llama|llame|llámenle|hablen|háblenle|manden|mande|envíen a? la|una|al? {_WHO}|policía
    |patrulla|ambulancia|911|ejército|marina|soldados|bomberos
    vengan por mí|nosotros|nosotras
    vengan rápido|pronto|ya
    apúrense|apurense|apúrate|rápido por favor
    llamen|llama|avisen|avisa|avísenle|díganle a alguien|la|mi|mis
    sáquenme|sácame|sáqueme|sáquennos|sáquenos|saquenmen
    rescátenme|rescátennos|rescátame|rescátenos|rescátenlo|rescátenla
    sálvenme|sálvennos|sálvame|sálvenos
    suéltenme|suéltame|suéltennos|suélteme
    déjenme|déjame|déjeme|déjennos|déjenos ya? {_LEAVE}|vivir
    no me|nos dejen morir|solo|sola|solos|aquí
    corro|corremos un|mucho|gran? peligro|riesgo
    mi|mis|nuestra|nuestro {KIN} corre|corren peligro|riesgo
    en peligro $
    estoy|estamos|está|están|andamos|ando en un|mucho|gran? peligro|riesgo
    mi|su|nuestra vida corre|peligra|está|depende
    temo|tememos por mi|su|nuestra vida
    tengo|tenemos|traigo mucho|mucha? miedo|pavor
    no me|nos|le|la|lo hagan|haga daño
    {THEM} hacen|hace|hicieron|hizo|haga|hagan mucho? daño
    {THEM} {_WILL} a? hacer mucho? daño
"""

CALLED_AND_NOBODY_CAME = """
    al 911
    911 no|nadie|ni|y|pero
    llamé|marqué|llamo|marco|llamamos|marcamos el? 911
    policía|policías|patrulla|ambulancia no viene|vino|vienen|llega|llegó|llegan|contesta|contestan
    emergencias no contesta|contestan|responde|responden
"""

HELD = f"""
    {ME} tienen|tiene|tenían|tenía !que
    {ME} tienen|tiene que !*ar|*er|*ir|*rme|*rnos|*rle|*rles|*rlo|*rla|*rlos|*rlas|*rse
    lo|la|los|las|le|les tienen|tiene|tenían .. {_CAPTIVE}|fuerza
    {THEM} traen|llevan|trae|lleva .. {_CAPTIVE}|fuerza
    {ME} taparon|tapan
    {ME} llevan|lleva en un|una? {_CAR}
    lo|la|los|las tienen|tiene en un|una|esa|ese|la|el? {_PLACE}
    tienen|traen|tenían a {A} {KIN}
    tienen|traen|tenían mi|mis|al {KIN}
    {_IS}|tienen .. {_CAPTIVE}
    estoy|estamos|tienen preso|presa|presos
    encerrad*|enserad*|encierro
    casa de seguridad
    dice|dicen que? le|les debo|debemos dinero? y no
    ojos tapados|vendados
    no sé|sabemos dónde estoy|estamos|me|nos
    {ME} separaron|separan de mi|mis|nuestros
    {THEM} quitaron|quitó|quita|quieren|quiere quitar? a mi|mis|su|sus|nuestros|nuestras {KIN}
    no {THEM} dan|da de|nada comer|agua|comida
    no {THEM} devuelven|devuelve|quieren|quiere devolver? mi|mis|el|los|nuestros? pasaporte
    |pasaportes|papeles|documentos|celular|teléfono
    {ME} traen|mueven|cambian de un|casa
    en la hielera
    en el? detención
    en un|el centro de detención
    {THEM} encerraron|encerró|encierra|encierran|encerrar
    {THEM} amarraron|amarró|ataron|vendaron|esposaron|drogaron|drogan|doparon
    no {THEM} deja|dejan|dejó|dejaron|dejaba|dejaban ya? ni? {_MOVE}
    no {ME} deja|dejan $
    no {THEM} quiere|quieren dejar {_MOVE}
    no deja|dejan|quiere|quieren|permite|permiten que me|nos? salga*|vaya*|llame*|hable*|vea*
    no {THEM} permite|permiten {_MOVE}
    no {THEM} suelta|sueltan|soltaron
    no {THEM} quiere|quieren soltar
    no puedo|podemos|podía|puede|pueden salir|salirme|irme|irnos !{_ERRAND}
    no puedo|podemos|podía salir|salirme|irme|irnos de|del .. {_PLACE}
    no puedo|podemos|puede|pueden escapar|escaparme|huir|moverme|gritar|caminar
    no me|nos puedo|podemos ir|salir|escapar|mover
    ^ escondido|escondida|escondidos
    escondido|escondida|escondidos en|del|de|porque|afuera|adentro
    no puedo|podemos hablar|llamar $
    no puedo|podemos hablar|llamar ahora|ahorita|fuerte|por|porque|me|están|está
    quiero|queremos|necesito salir|salirme|irme|irnos|escapar|huir de
    | este|esta|esa|ese|la|mi|el? {_PLACE}
    quiero|queremos|intento|trato de? escapar|escaparme|huir
    {ME} escapé|escapamos
    {THEM} obliga|obligan|obligó|obligaron|fuerza|fuerzan|forzaron|explotan
    {THEM} tienen trabajando
    contra de? mi|su|nuestra voluntad
    a|por la fuerza|fueza
    me|nos|la|las vendieron|vendió $
    me|nos|la|las vendieron|vendió a|como
    me|nos|la|las {_WILL} a? vender !{_GOODS}
    me|nos|la|las {_WILL} a? vender como
    me|nos|la|las {_WILL} a? vender por dinero
    me|nos|la|las {_WILL} a? vender a un|una|otro|otra|unos|otros
    prostitu*
    trata de personas|blancas|mujeres
    esclav*
    {THEM} quitaron|quitó|quitan|escondieron|escondió|esconde|esconden|retiene|retienen|retuvieron
    | todos? mi|mis|el|los|la|las|nuestros|su|sus? pasaporte|pasaportes|papeles
    |documentos|celular|celulares|teléfono|teléfonos|identificación
"""

KIDNAPPED_OR_TAKEN = f"""
    secuestr*|secuestar*|secustr*|sequestr*|secuetr*|secuentr*|seucestr*|secueztr*
    raptó|raptaron|raptada|raptado|raptan|rapto
    plagiaron|plagiado|plagiada
    levantón
    {THEM} levantaron
    levantaron a? {A} {KIN}
    privado|privada|privados de la? libertad
    se lo|la|los|las|me|nos llevaron|llevó|llevan|llevaban|lleva
    se llevaron|llevó|llevan|lleva a? {A} {KIN}
    se llevaron|llevó a todos|varios|alguien
    {ME} quieren|quiere|querían llevar
    {ME} llevaron|llevan $
    {ME} están|está llevando
    {ME} van|va a llevar $
    {THEM} llevan|llevaron preso|presa|presos|detenido|detenida|detenidos|con
    agarraron|capturaron|subieron|robaron|robó a {A} {KIN}
    me|nos|lo|la|los|las subieron a|en un|una|la|el
    me|nos|lo|la|los|las bajaron de|del
    rehén|rehenes
"""

MISSING = f"""
    desaparecid*
    desapareció|desaparecieron
    extraviado|extraviada {KIN}
    {KIN} .. extraviado|extraviada|extraviados
    no aparece|aparecen|apareció|aparecieron $
    no aparece|aparecen|apareció|aparecieron desde|y|ni|mi|mis? {KIN}
    {KIN} .. no aparece|aparecen|apareció|aparecieron
    no ha|han aparecido
    no encuentro|encontramos|encuentran a? mi|mis|nuestro|nuestra {KIN}
    no sé|sabemos|sabe|saben nada de|del mi|mis|nuestro|nuestra {KIN}
    no sé|sabemos|sabe|saben nada? de|del él|ella|ellos
    no sé|sabemos de mi|mis {KIN}
    no sé|sabemos dónde está|están|quedó|anda|andan|esté|estará .. {KIN}|él|ella|ellos
    no sé|sabemos dónde está|están|quedó|estoy|estamos|anda|andan $
    {KIN} .. no sabemos|sé nada|dónde
    {KIN} ... ya no llega|contesta|contestan|responde|regresó|volvió|llamó
    {KIN} .. no llega|llegan|llegó|llegaron|contesta|contestan|contestó|regresa|regresan|regresó
    |volvió|vuelve|responde|responden
    {KIN} ... no ha|han llegado|regresado|vuelto|contestado|llamado|aparecido|hablado
    {KIN} .. no se ha|han? comunica|comunicado|reporta|reportado
    no|ni llega|llegan|llegó|contesta|contestan|regresa|regresó|volvió a? mi|mis {KIN}
    se perdió|perdieron|extravió|extraviaron {A} {KIN}
    {KIN} .. se perdió|perdieron|extravió|extraviaron
    perdí|perdimos el? contacto|comunicación con
    busco|buscamos|buscando a {A} {KIN}
"""

DETAINED = f"""
    {THEM} detuvo|detuvieron|detiene|detienen|arrestó|arrestaron|arrestan|agarraron
    {THEM} agarró .. migra|migración|ice|policía|patrulla
    detuvo|detuvieron|arrestó|arrestaron a? {A} {KIN}
    redada|redadas
    {THEM} cayó la|el? migra|ice|policía|migración
    ice|migra está|están|vino|llegó|llegaron|entró|entraron|anda|agarró|detuvo|llevó|se|me|lo|la
    la migra está|están|vino|llegó|llegaron|afuera|agarró|agarra|llevó|detuvo|tocando|anda|me|nos
    |lo|la|los|se|entró|viene|aquí|tiene
    migración .. detuvo|agarró|llevó|llevaron|afuera|entró
    entró|llegó|vino|cayó la? migra
    los de ice|migra|migración|inmigración
"""

VIOLENCE = f"""
    {ME} pega|pegan|pegó|pegaron|pegue|peguen|pegaba|pegas
    le|les pegan|pegaron|pegó a? {A}? {KIN}
    {THEM} golpea|golpean|golpeó|golpearon|golpian|golpió|golpeen|golpeaba|golpiaron
    {THEM} lastima|lastiman|lastimaron|maltrata|maltratan|tortura|torturan|torturaron
    {THEM} ahorca|ahorcó|asfixia|apuñaló|apuñalaron|acuchilló|acuchillaron|macheteó|machetearon
    {THEM} balearon|baleó|balacearon|dispara|disparan|disparó|dispararon|hirieron|hirió
    {THEM} viola|violan|violó|violaron|violen|abusó|abusaron|abusa
    {THEM} ataca|atacan|atacó|atacaron|asaltaron|asaltó|asaltan|emboscaron|patea|patean
    {THEM} matan|mató|mataron|maten|asesinaron
    {ME} mata|queman|quemó|quemaron|empujó|empuja|aventó
    me|nos|le|les cortaron|cortó|cortan el|la|un|una? dedo|oreja|mano|cara|brazo|cuello
    {THEM} está|están|tan|estuvo|anda|andan|viene|vienen|va|van|estaba|estaban|siguen|sigue
    | {_HARMING}
    {THEM} están|está haciendo daño
    me|la|lo|las está|están tocando !esperar|pagar|la|el|ir|puro|puros
    está|están|anda|andan|vienen|viene {_HARMING} a? {A} {KIN}
    golpeándome|golpeándonos|pegándome|matándome|siguiéndome|siguiéndonos|persiguiéndome
    |persiguiéndonos|violándome|buscándome
    golpea|golpean|golpearon|golpeó|maltrata|maltratan|lastima|pega|pegaron|violaron|violó|mataron|mató|balearon|hirieron|asaltaron
    |apuñalaron|lastimaron|asesinaron a {A} {KIN}
    golpes|golpiza|golpizas
    abuso|acoso|violencia|violación sexual
    abusa|abusan|abusó|abusaron|abusando|abuso de mí|ella|él|nosotros|nosotras|mi
    me|nos|la|las acosa|acosan|acosaron|acosó|manosea|manosean|manoseó
    me|la|lo|las toca|tocó|tocan|tocaron mis|sus|las|el|mi? partes|cuerpo|piernas|senos
    violada|violadas|violado
    ^ violación $
    una|de violación !de|al
    papá|padre|padrastro|patrón|tío|primo|abuelo|jefe|hermano|maestro|esposo|señor|él me toca
    |tocó|tocaba|manosea
    hombre|hombres|gente|tipos|alguien|sujetos afuera
    {ME} rompió|quebró|rompieron|quebraron la|el|un|una|los
    ojo|ojos morado|morados
    moretones|moretón
    borracho|tomado|drogado y|con .. me|nos|pega|pegar|mata|matar|cuchillo|pistola|machete
    hay|hubo|dejaron muertos|muerto|muertas|heridos
    balearon|balacearon la|el|mi|a
    {THEM} puso|pusieron|ponen|pone una? {_ARMS}
    pistola|pistolas|rifle|rifles
    sufro|sufrimos|vivo|vivimos .. violencia|abuso|golpes|maltrato
    balacera|balaceras|balazo|balazos|tiroteo|disparos
    {_WHO}|comando armado|armados|armada
    está|están|vienen armado|armados
    tiene|tienen|trae|traen|con un|una? {_ARMS}
    apunta|apuntan|apuntó|apuntaron|apuntando con
    herido|herida|heridos|heridas
    sangrando|desangra|desangrando|baleado|baleada|baleados|apuñalado|apuñalada
    se metieron|metió a? mi|la|nuestra casa
    quieren entrar|meterse
    tirar|tumbar|tumbando|tirando|golpeando|pateando|rompiendo la|mi puerta
"""

THREATS_AND_PURSUIT = f"""
    {THEM} {_WILL} a? {_HARM}
    {_WILL} a? matarme|matarnos|matarlo|matarla|matarlos|golpearme|pegarme|violarme|lastimarme
    matarme|matarnos|golpearme|violarme|lastimarme|desaparecerme
    {_WILL} a? {_HARM} a? {A}? {KIN}|todos|alguien|mí|nosotros
    voy a matar
    amenaz*
    sicario|sicarios
    si no pago|pagamos|pagan|paga|deposito|depositamos .. matan|matar|mata|daño|cortan|mochan
    {ME} sigue|siguen !*ando|*endo|sin|igual|pendiente|en
    {ME} sigue|siguen en un|una|varios|varias|dos {_CAR}|camionetas|carros
    {THEM} persigue|persiguen|persiguieron|corretea|corretean|vigila|vigilan|acecha|rodearon
    {ME} busca|buscan !trabajo
    viene|vienen|van|andan|anda|corren tras|detrás|atrás de? mí|nosotros|nosotras
    viene|vienen|vinieron por mí|nosotros|nosotras $
    viene|vienen|vinieron por mi|mis {KIN}
    si me|nos encuentra|encuentran|ve|ven|descubren|cachan .. mata|matan|pega|pegan
"""

BY_OTHERS = "".join((
    CRY_FOR_HELP, CALLED_AND_NOBODY_CAME, HELD, KIDNAPPED_OR_TAKEN, MISSING, DETAINED,
    VIOLENCE, THREATS_AND_PURSUIT,
))  # fmt: skip
