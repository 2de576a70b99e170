"""Phrases of a call for help that are not danger: money, death, false alarms.

The syntax is that of `phrasebook`; `…_ES` is Spanish, `…_EN` English.
"""

# B8 of the scripts: somebody is asked to pay.
MONEY_ES = """
    dinero|rescate|lana|dineral|feria
    depósito|depósitos|depositar|depositen|deposite|deposité|depositamos|depositarle
    transferencia|transferencias|transferir|transfiera|transfieran|transferirles
    pesos|dólares|dólar|usd
    oxxo|western|moneygram|zelle|paypal|spei|clabe|coppel|elektra
    me|nos|le|les piden|pide|pidió|pidieron|exigen|exige|cobran|cobra|cobraron
    me|nos|le|les están|está pidiendo|cobrando|exigiendo
    quieren|quiere|piden|pide que les|le? pague|paguemos|paguen|deposite|depositemos|mande
    pagar|pague|paguen|pago|paguemos $
    si no pago|pagamos|pagan|paga|deposito|depositamos
    para soltarlo|soltarla|soltarlos|liberarlo|liberarla|liberarlos
    cuenta bancaria|de banco
    número de cuenta|tarjeta
    extors*
"""
MONEY_EN = """
    money|ransom|cash|dollars|bucks
    deposit|wire transfer|wire
    transfer the? funds|money
    zelle|paypal|venmo|moneygram
    gift card|cards
    pay them|him|her|us
    asking|demand|demanding|demands|want us|me|for? to? pay|payment
    if we|i dont pay
    extort*
"""
NOT_ASKED_FOR_MONEY_ES = """
    sin dinero|lana|dólares|pesos
    no tengo|tenemos|traigo|traemos|tiene|tienen|hay|me|nos alcanza? nada? de? dinero|lana|feria
    me|nos|le|les robaron|robó|quitaron|quitó .. dinero|lana|pesos|dólares
    no me|nos|le|les ha|han|quiere|quieren? pagado|pagan|paga|pagaron|pagó|pagar
    me|nos|le|les piden|pide mi|el|la|un|una|mis acta|pasaporte|papeles|identificación|curp|visa
    me|nos|le|les pide|piden ayuda|información|datos|perdón
"""
NOT_ASKED_FOR_MONEY_EN = """
    no|without money|cash
    stole|took my|our|his|her money|cash
"""

DEATH_ES = """
    falleci*|fallec*
    defunción|difunto|difunta|finado|finada
    murió|murieron|muerto|muerta
    perdió|perdieron la vida
    cuerpo|restos|cenizas de|del|mi|sin
    trasladar|traslado|repatriar|repatriación|traer|llevar|mandar .. cuerpo|restos|cenizas
    mataron|mató|asesinaron|asesinado|asesinada
    funeral|funerales|funeraria|sepelio|velorio|entierro|enterrar|sepultar
"""
DEATH_EN = """
    died|dead|deceased
    passed away
    funeral|burial
    the|his|her|my body|remains|ashes
"""
NOT_A_DEATH_ES = """
    murió|muerto|muerta mi|el celular|teléfono|cel|carro
    muerto|muerta de la? hambre|frío|risa|miedo|cansancio|sueño|sed|pena
    mejor|estar|estaría muerto|muerta
"""
NOT_A_DEATH_EN = """
    dead tired|battery|phone|end
    wish i was|were dead
    better off dead
"""

# B10. What may follow «bien» is listed: «estoy bien asustada» means very frightened.
FALSE_ALARM_ES = """
    falsa alarma
    ya? estoy|estamos bien $
    ya? estoy|estamos bien gracias|ya|y|en|aquí|ahora|ahorita|por|perdón|perdone|perdonen|disculpe
    |disculpen|todo|era|fue|falsa|con|muchas|me|nos|mejor
    ya? estoy|estamos mejor|seguro|segura|seguros|libre|libres $
    ya? estoy|estamos a salvo
    ya? estoy|estamos fuera de peligro
    ya? estoy|estamos en mi|nuestra? casa
    ^ cancelar|cancela|cancelen|cancele|canselar $
    cancelar|cancela|cancelen|cancele|canselar mi|la|el|esta|este|lo? alerta|sos|reporte|caso
    |auxilio|emergencia|folio|aviso|llamada|ayuda
    era|fue|es|todo una|un|en? broma|error|equivocación|juego|prueba
    estaba|estábamos jugando|probando|bromeando
    mandé|marqué|escribí|apreté|envié|piqué .. error|accidente|equivocación|querer
    fue sin querer
    por|fue error|equivocación
    me equivoqué
    todo|ya está|esta? bien|tranquilo|orden|solucionado|resuelto $
    ya pasó $
    ya pasó todo|el peligro
    ya se solucionó|resolvió|arregló
    sin novedad
"""
FALSE_ALARM_EN = """
    false alarm
    i|we m|am|re|are now? ok|okay|fine|safe|good|alright|well now? $
    i|we m|am|re|are now? ok|okay|fine|safe|good|alright now|thanks|thank|sorry|it|and|at
    just|was|only kidding|joking
    a joke|prank|test|mistake $
    was a joke|prank|test|mistake|error|accident
    by mistake
    never mind
    nevermind
    all|everything is|s? good|ok|okay|fine|well $
    ^ cancel it|that|please
    cancel my|the|this alert|request|case|sos|report|call
"""
# A negation that denies the danger, not the calm.
HARMLESS_NO_ES = """
    no se? preocupen|preocupe|preocupes|apuren|apure|espanten|espante|asusten
    no pasa|pasó nada
    no hay problema|peligro|pedo|bronca
    no worries|problem|danger
    ya no hay peligro
    no era|fue|es nada
    ya no necesito|necesitamos|ocupo|hace|es ayuda|nada|falta|necesario|necesaria
    no corro|corremos peligro
    no estoy|estamos en peligro
"""
HARMLESS_NO_EN = """
    never mind
    dont worry
    it wasnt anything
    nothing happened
    not in danger
"""
DOUBT_ES = """
    no|ni|nunca|tampoco|jamás|pero|aunque|sino|dice|dicen|dijo|dijeron|diga|digan|ojalá|quisiera
    obliga|obligan|obligaron
    si
    todavía|aún|antes|hasta
"""
DOUBT_EN = """
    not|never|but|although|though|however|says|said|say|tell|told|until|wish|hope|if|before
    dont|isnt|arent|wasnt|aint|cant|wont|didnt
"""
