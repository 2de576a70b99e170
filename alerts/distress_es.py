"""What people write in Spanish who want to die, are hurt, lost or made to pay; see `phrasebook`."""

from alerts.danger_es import KIN, ME, THEM, A

SELF_HARM = f"""
    me|nos quiero|quisiera|deseo|queremos morir|matar|suicidar|ahorcar|aventar|colgar
    quiero|quisiera|deseo|prefiero morirme|morir|matarme|suicidarme|desaparecer
    ganas de morir|morirme|matarme
    no quiero|quisiera ya? seguir? vivir|viviendo !en|con|ahí|aquí|allá
    ya no quiero|puedo estar|seguir aquí|viva|vivo|así
    ya no aguanto|soporto
    no aguanto|soporto|puedo más
    no le? encuentro|veo|hallo ya? sentido
    ya no voy a estar|existir|seguir|despertar
    cuiden|cuida|cuide|cuídenme a? mis|mi {KIN}
    adiós a todos
    no me busquen
    no tiene caso seguir? vivir|viviendo
    nadie me|nos va a? extrañar
    me voy a tirar
    no tengo|encuentro|hay razón|motivo|ganas|razones .. vivir
    no vale la pena vivir
    me voy a matar|ahorcar|aventar|suicidar|colgar
    suicid*
    quitarme|quitarse la vida
    acabar|terminar con mi|su vida
    mejor|estaría|estar muerto|muerta
    cortarme|corté las? venas
    hacerme daño
    me tomé|tomó .. pastillas|veneno|cloro
"""

HURT_OR_STRANDED = f"""
    no puedo|puede|pueden|podemos respirar
    no respira|respiran|despierta|reacciona
    me|se|nos estoy|está|están|estamos muriendo|ahogando|desangrando|asfixiando|congelando
    se muere|mueren|nos $
    se muere|mueren {A}? {KIN}
    nos morimos
    muriendo|muriéndome|muriéndose
    me muero $
    se quedó|quedaron atrás|tirado|tirados
    tirado|tirada|tirados|tiradas en|a la|el|una|un|media|medio
    {THEM} cayó|cayeron .. encima
    se {ME}? quebró|rompió|fracturó .. pie|pierna|brazo|pata|cabeza
    perdí|perdió|perdiendo|pierde mucha sangre
    dando a luz
    incendió|incendio|incendiando
    hay fuego
    vomita|vomitando|escupe|escupiendo|tosiendo sangre
    fiebre|calentura muy alta
    llevo|llevamos .. día|días|noches caminando|perdido|perdida|perdidos|solo|sola|solos
    acaba|acabando|acabar|queda la? pila|batería
    la|lo|los|las soltaron solo|sola|solos
    se me|nos? acabó|terminó el|la agua|comida|aire|oxígeno
    me|nos|se voy|vamos|va|van a morir
    se|me|nos desmayó|desmayé|desmaya|desmayaron
    inconsciente|infarto|sobredosis
    convuls*
    envenen*
    intoxicó|intoxicaron|intoxicamos|intoxicado|intoxicada|intoxicados
    deshidrat*
    golpe de calor
    se ahogó|ahogaron|ahoga|ahogan
    picó|mordió una|un víbora|alacrán|serpiente|culebra|araña
    está|están|estoy|sigue|muy grave|graves|delicado|delicada !problema|falta
    tuve|tuvimos|tuvo|tuvieron|sufrí|sufrió|sufrimos|hubo|hay un accidente
    accidente grave|carretero|automovilístico
    {THEM} atropelló|atropellaron
    se|nos accidentó|accidentaron|accidentamos|volcó|volcamos
    volcamos|chocamos
    rompió la fuente
    labor|trabajo de parto
    se está quemando
    no hay|tenemos|tengo aire|oxígeno
    estoy|estamos|está|están|ando|andamos|anda|andan|quedamos|quedé perdido|perdida|perdidos !con
    {ME} perdimos|perdí en el|la|medio
    estoy|estamos|está|están|quedó|quedamos|quedaron|dejó|dejaron|abandonaron|tirado|tirados
    |caminando|perdido|perdida|perdidos|cruzando .. desierto|monte|cerro|brecha|montaña
    en medio del desierto|monte|cerro|río
    llevo|llevamos|lleva|llevan .. día|días|horas .. sin agua|comer|comida|tomar
    sin agua ni|y sin? comida|comer|alimento|alimentos
    no tenemos|traemos|traigo|queda agua !potable
    muriendo|morimos|muero|morir de sed|frío|calor
    nos abandonó|abandonaron
    me abandonaron
    {THEM} dejó|dejaron|abandonó|abandonaron tirado|tirada|tirados|botado|botada|botados
    |abandonado|abandonada|abandonados
    {THEM} dejó|dejaron solo|sola|solos|solas !con
    {THEM} dejó|dejaron|abandonó|abandonaron en el|un|medio|la desierto|monte|cerro|carretera|de
    coyote|coyotes|pollero|polleros|guía {THEM} abandonó|abandonaron|dejó|dejaron|quiere|quieren
    |tiene|tienen|amenazó|violó
    adentro|dentro|encerrados|metidos de|del|en un|una|el|la? tráiler|camión|camioneta|cajuela
    |vagón|contenedor
    en la? cajuela
"""

EXTORTED = """
    extors*
    pide|piden|pidió|pidieron|pidiendo|pagar|pago|pague|exigen|exige|quieren|cobran .. rescate
    rescate por|para
    cobro|cobra|cobran|derecho de piso
    por|para|de soltar|soltarlo|soltarla|soltarlos|soltarme|liberarlo|liberarla|liberarlos
    para que lo|la|los|las|me|nos suelten|liberen
"""

DISTRESS = "".join((SELF_HARM, HURT_OR_STRANDED, EXTORTED))
