"""What sounds like danger and is everyday life: struck out before danger is looked for.

Kept narrow, because each line here can silence a cry. The syntax is that of `phrasebook`.
"""

EVERYDAY_ES = """
    me|nos tienen|tiene en la? lista|espera|cuenta|sistema|padrón|registro|consideración
    me|nos tienen|tiene registrado|registrada|inscrito|inscrita|anotado|anotada|apuntado|apuntada
    |informado|informada|esperando|pendiente|confianza|paciencia|preocupado|preocupada|harto
    |harta|olvidado|olvidada|contemplado|contemplada
    me|nos tienen|tiene dando vueltas
    me|nos tienen|tiene sin respuesta|contestar|cuidado|pagar
    me|nos tienen|tiene ya? listo|lista|la|el|mi|una|un|alguna|algún|más|buenas? acta|trámite
    |cheque|cita|respuesta|información|noticia|noticias|folio|constancia|informes|apoyo|listo|lista
    auxilio económico|vial|jurídico|legal|funerario
    primer|programa|programas|fondo|apoyo|apoyos|botón de? auxilio
    señora|doña|tía|santa|maría|perpetuo|virgen del|de|la? socorro
    trámite|trámites|pago|pagos|proceso|cheque|envío|paquete|dinero|caso|expediente|solicitud
    |apoyo|carro|visa|acta me? está|están|sigue|lo|quedó tienen? detenido|detenida|detenidos
    |retenido|retenida|retenidos|atrapado|atorado|perdido|perdida
    está|sigue|tienen detenido|detenida|retenido|retenida mi|el|su|la trámite|pago|proceso|cheque
    |envío|paquete|dinero|caso|expediente|solicitud|apoyo|carro|visa|acta
    desapareció|desaparecieron mi|mis|el|la|los dinero|pago|cheque|maleta|mensaje|mensajes|paquete
    |nombre|apoyo|curp
    sáquenme|sácame|sáqueme|sáquenos de|del la|su|sus|esta|este|las|los|ese? lista|listas|grupo
    |grupos|base|sistema|registro|mensajes|avisos|envíos
    salir|salirme de|del la|esta|este|el? página|aplicación|app|cuenta|lista|sesión|grupo|programa
    perdido|perdida en|con el|este|esto|los trámite|trámites|proceso|papeleo
    no responde|responden por
    no llega|llegan a fin de
    no llega|llegan a la quincena
    miedo de|a que sea|fuera un|una? fraude|estafa|falso|mentira
    miedo de|a volar|hablar|preguntar
    viola|violan|violó|violaron mis|los|nuestros|sus derechos
    morir|morirme|muero|muriendo de la? risa|pena|vergüenza|curiosidad|ganas|aburrimiento
    me sigue|siguen en facebook|face|instagram|tiktok|redes|internet|youtube
    fuerza laboral
    vigila|vigilan el|los precio|precios
    mande|mandar|mando|escriba|escribir|palabra|significa|es sos
    si|cuando me|nos|lo|la|te detienen|detiene|agarran|agarra|arrestan
"""

EVERYDAY_EN = """
    help me|us with|find|apply|fill|register|understand the|a|my|this|an|for|program|programs|form
    |job|work|paperwork|application
    keep|keeping me|us posted|updated|informed|waiting
    held up
    hit|hits me|us up|back
    followed|following|follow me|us on
    feel free to
    want to die of laughing|laughter
    call you|me|us back
    money order
    no|without food stamps
"""
