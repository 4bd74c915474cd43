"""What pages say that hold no article: by kind, what only such a page says to its reader, in the languages of the rules.

Patterns are for one line as text.normalise folds it, in lower case. What may stand in an article too is no harm: a page is
none only where next to nothing else stands on it (see no_article).
"""

from __future__ import annotations

import re
from functools import cache

KINDS = {
    "consent": "a consent wall",
    "log-in": "a log-in wall",
    "robot": "a robot check",
    "script": "a page built by script",
    "error": "an error page",
    "results": "no results",
}

# A text in which none of these stands is none of the kinds: a quick look, before the patterns are asked. In lower case.
STEMS = (
    *("cookie", "consent", "privacy", "privat", "confiden", "vie priv", "einwillig", "zustimm", "zgadza", "zgod", "akcept"),
    *("куки", "クッキー", "同意", "隐私", "prefer", "personal", "toestemming"),
    *("log in", "login", "sign in", "log on", "subscri", "password", "anmeld", "einlogg", "passwor", "abonn", "connect"),
    *("connexion", "mot de passe", "identifi", "sesión", "contraseña", "suscri", "zalog", "hasł", "logowa", "accedi"),
    *("inloggen", "wachtwoord", "iniciar sess", "senha", "войти", "войдите", "парол", "ログイン", "登录", "登入", "regist"),
    *(
        "javascript",
        "robot",
        "roboter",
        "captcha",
        "human",
        "humain",
        "menschlich",
        "mensch",
        "człowiek",
        "робот",
        "ロボット",
    ),
    *("browser", "navigat", "przegląd", "security", "sicherheit", "人机", "机器人", "loading", "ładow", "charg"),
    *("404", "403", "401", "410", "429", "451", "500", "502", "503", "error", "fehler", "erreur", "błąd", "ошибк", "エラー"),
    *("not found", "can't be found", "couldn't find", "cannot be found", "could not be found", "no longer", "denied"),
    *("permission", "forbidden", "nicht gefunden", "existiert", "existe", "introuvable", "verweigert", "berechtig", "refus"),
    *("interdit", "autoris", "denegad", "permiso", "encontr", "znale", "istnieje", "zabron", "upraw", "nie ma takiej"),
    *("non trovat", "non esiste", "niet gevonden", "bestaat niet", "geen toegang", "não exist", "não foi", "не найден"),
    *("не существует", "доступ", "見つかりません", "不存在", "找不到", "未找到", "拒否", "拒绝", "unavailable"),
    *("verfügbar", "disponib", "dostępn", "result", "résultat", "treffer", "ergebnis", "wynik", "nothing", "aucun", "hay "),
    *("resultaten", "risultat", "ничего", "結果", "结果", "server", "moved"),
)

_STRONG = {
    "consent": (
        r"\b(?:we|partners?|vendors?|(?:web)?sites?)\b.{0,80}\b(?:us(?:e|es|ing)|stores?|access|process)\b.{0,80}\b(?:cookies|personal data)",
        r"\b(?:accept|reject|agree|disagree)(?: all)?(?: and| to)? (?:continue|close|cookies|all)\b",
        r"\byour (?:privacy|consent|cookie|choices)\b|\bcookie (?:consent|settings|policy|choices|preferences)",
        r"\b(?:withdraw|manage|give) (?:your )?(?:consent|choices|preferences|cookies)",
        r"cookies?[ -]?(?:akzeptieren|ablehnen|zulassen|erlauben|einstellungen)|alle[ns]? akzeptieren|zustimmen (?:und|&)",
        r"\bwir\b.{0,60}\bcookies\b|\bstimmen sie\b.{0,120}\bzu\b|\bihre[r]? (?:einwilligung|zustimmung|privatsphäre)",
        r"personenbezogene[nr]? daten.{0,120}(?:cookie|partner|anbieter|anzeigen)|willigen sie ein",
        r"(?:accepter|refuser)(?: et| tous| les| tout)* (?:cookies|fermer|continuer)|continuer sans accepter|tout (?:accepter|refuser)",
        r"\b(?:nous|partenaires|acceptant)\b.{0,80}\bcookies|votre vie privée|(?:votre|vos) (?:consentement|choix)\b.{0,60}(?:cookies|intérêt|cliquant)",
        r"gérer (?:mes|vos|les) (?:choix|préférences|cookies)|retirer votre consentement",
        r"\b(?:utilizamos|usamos|almacenamos|accedemos|empleamos)\b.{0,80}cookies|aceptar(?: y| las| todas| todo)* (?:continuar|cookies|cerrar)",
        r"(?:tu|su) privacidad|(?:política|uso|configuración) de cookies|(?:tus|sus) preferencias",
        r"(?:utilizziamo|usiamo|partner).{0,80}cookie|accetta(?: e| tutti| i)* (?:continua|cookie|chiudi|tutt)|(?:la )?(?:tua|vostra) privacy",
        r"senza accettare|(?:revocare|prestare) il consenso|\b(?:wij|we|partners)\b.{0,80}\bcookies|(?:cookies|alles) accepteren",
        r"(?:jouw|uw|je) privacy|cookie-?instellingen|(?:jouw|uw|je) toestemming",
        r"plik(?:i|ów|ach|ami)? cookie|(?:używamy|korzystamy|wykorzystujemy).{0,60}(?:cookie|ciastecz)|(?:twoją|twoja|twojej|twoich) (?:prywatnoś|danych osobow)",
        r"^(?:nie )?zgadzam się|akceptuję|zgodę możesz|przetwarzani\w+ (?:\w+ )?danych osobowych",
        r"aceitar(?: e| os| todos)* (?:continuar|cookies|fechar|todos)|(?:a )?sua privacidade|preferências de cookies",
        r"(?:использу|сохраня).{0,60}(?:cookie|куки)|файл\w* cookie|принять (?:все|и продолжить)|персональных данных",
        r"(?:cookie|クッキー).{0,40}(?:使用|利用)|同意して|すべて(?:許可|受け入れ)|プライバシー(?:設定|ポリシー)",
        r"(?:使用|接受).{0,20}cookie|同意并继续|接受所有|隐私(?:政策|设置)",
    ),
    "log-in": (
        r"\b(?:log|sign) ?in\b.{0,60}\b(?:to|continue|read|account|access|keep)\b|^(?:log|sign) ?in$|forgot(?:ten)? (?:your )?password",
        r"(?:for|to) subscribers(?: only)?|subscribers? (?:only|exclusive)|limit of free|already a (?:subscriber|member)|subscribe to (?:continue|read|keep)",
        r"create (?:a|an|your) (?:free )?account|don't have an account",
        r"melden sie sich\b.{0,40}\ban\b|(?:passwort|kennwort) vergessen|(?:nur|exklusiv) für abonnent|bereits (?:abonnent|registriert|kunde)|einloggen|loggen sie sich|jetzt weiterlesen|angemeldet bleiben",
        r"noch kein (?:konto|abo)|um weiterzulesen",
        r"connectez-vous|se connecter|je me connecte|mot de passe oublié|oublié (?:mon|votre) mot de passe|réservé aux? abonnés|déjà abonné|identifiez-vous|créer un compte",
        r"inicia(?:r)? sesión|(?:olvidado|olvidaste|olvidó) (?:mi|tu|su|la) contraseña|(?:exclusivo|solo|sólo) para suscriptores|suscríbete para|(?:seguir|continuar) leyendo|(?:límite) de (?:noticias|artículos)|identifícate",
        r"zaloguj|nie pamiętasz hasła|przypomnij hasło|(?:tylko )?dla (?:prenumerator|subskrybent|zalogowan)|masz (?:już )?(?:prenumeratę|konto)|załóż konto",
        r"accedi (?:per|al)|password dimenticata|hai dimenticato la password|(?:riservato|solo) (?:agli|per gli) abbonati|sei già abbonato|effettua il login",
        r"inloggen|wachtwoord vergeten|log in om|alleen voor abonnees|al abonnee|maak een account",
        r"iniciar sessão|faça login|esquec(?:eu|i) (?:a|sua|minha) (?:senha|palavra)|exclusivo para assinantes|já é assinante",
        r"войдите|войти|забыли пароль|только для подписчиков|авторизуйтесь",
        r"ログイン(?:して|する|が必要)|会員限定|パスワードを(?:お忘れ|忘れ)|请(?:先)?登[录入]|忘记密码|仅限(?:会员|订阅)",
    ),
    "robot": (
        r"(?:are|you're|you are) (?:not )?(?:a|an)? ?(?:robot|human|bot)\b|captcha|checking your browser|verif(?:y|ying).{0,20}human|unusual (?:traffic|activity)|just a moment",
        r"(?:kein|ein) roboter|ungewöhnliche\w* (?:datenverkehr|aktivität|zugriff)|browser wird (?:überprüft|geprüft)|(?:ein )?mensch sind|sicherheits(?:überprüfung|abfrage)",
        r"(?:pas )?un robot|(?:activité|trafic)s? (?:inhabituel|suspect)|vous êtes (?:bien )?(?:un )?humain|vérifi\w+.{0,30}navigateur",
        r"(?:no )?(?:es|eres) (?:un )?(?:robot|humano)|tráfico (?:inusual|sospechoso)|verific\w+.{0,30}(?:navegador|humano)|seguridad de (?:tu|su) conexión",
        r"(?:nie )?jest(?:eś|em) (?:robotem|człowiekiem)|nietypowy ruch|sprawdzamy (?:twoją|twoja) przeglądark",
        r"non (?:sei|sono) un robot|traffico (?:insolito|anomalo)|(?:geen|een) robot|ongebruikelijk verkeer|(?:não (?:é|sou)) um robô|tráfego incomum|не робот|ロボットではない|不是机器人|人机验证",
    ),
    "script": (
        r"(?:enable|turn on|activate|requires?|needs?|supports?) (?:to )?(?:enable )?(?:cookies and )?javascript|javascript (?:is|must be|and cookies|has been) ?",
        r"javascript\b.{0,60}(?:aktivier|deaktivier|eingeschaltet|ausgeschaltet|erlauben|einschalten)|(?:aktivieren|erlauben).{0,40}javascript",
        r"(?:activer|active[zr]?|activar|habilit\w+|désactivé).{0,40}javascript|javascript.{0,40}(?:activ|désactiv|habilit|deshabilit|desactiv)",
        r"(?:włącz|wymaga|obsług).{0,40}javascript|javascript.{0,40}(?:włącz|wyłącz|wymagan)|(?:abilita|attiva|disabilitat).{0,30}javascript|javascript.{0,30}(?:abilit|disabilit|disattiv)",
        r"(?:schakel|zet).{0,30}javascript|javascript.{0,30}(?:ingeschakeld|uitgeschakeld)|(?:ative|habilite|включите|включить).{0,30}javascript|javascript.{0,20}(?:отключ|включ|有効|無効|启用|禁用)|启用.{0,6}javascript",
    ),
    "error": (
        r"^(?:http )?(?:error|fehler|erreur|błąd|errore|fout|erro|ошибка|エラー|错误)?[ :]*(?:4(?:0[0134]|10|29|51)|50[0234])\b(?: ?[-:|].*)?$|(?:http|error|fehler|erreur|błąd|errore|fout|erro|ошибка)[: ]+(?:4(?:0[0134]|10|29|51)|50[0234])\b",
        r"\b(?:40[34]|50[0-4]) (?:not found|forbidden|internal server error|bad gateway|service)|page (?:was |is |could |can )?(?:not|cannot|can't|couldn't)(?: be)? (?:found|available|exist)|page can't be found|page not found",
        r"page you (?:are|were|'re)? ?(?:looking for|requested|tried)|(?:nothing was|we couldn't|could not be|cannot be) f(?:ou|i)nd|access (?:denied|forbidden)|(?:don't|do not) have permission|not available in your (?:country|region)|something went wrong",
        r"(?:seite|inhalt|artikel|beitrag|dokument)\b.{0,60}(?:nicht gefunden|existiert|nicht mehr (?:verfügbar|vorhanden)|nicht verfügbar)|existiert\b.{0,40}seite\b.{0,20}nicht|zugriff (?:verweigert|nicht|auf diese seite)|keine berechtigung|etwas (?:ist )?schief",
        r"page (?:est )?introuvable|page\b.{0,60}(?:n'existe (?:pas|plus)|n'est (?:pas|plus) disponible|n'a pas été trouvée)|accès\b.{0,40}(?:refusé|interdit)|(?:pas|plus) l'autorisation|adresse ip\b.{0,30}bloquée",
        r"página\b.{0,60}(?:no (?:existe|encontrada|disponible|se)|que buscas?)|(?:noticia|contenido|página)\b.{0,60}(?:no está disponible|ya no|sido eliminad)|acceso (?:denegado|prohibido)|no tiene permiso|no encontramos|servicio no está disponible|tareas de mantenimiento",
        r"nie znaleziono (?:strony|takiej|artykuł)|(?:strona|strony|artykuł)\b.{0,60}(?:nie istnieje|nie została|nie jest dostępn|został\w* (?:usuni|przenies))|nie ma takiej strony|dostęp (?:zabroniony|wzbroniony|zablokowany)|nie masz (?:uprawnień|dostępu)|błąd serwera|coś poszło nie tak",
        r"pagina (?:non (?:trovata|esiste|disponibile)|niet gevonden|bestaat niet)|(?:pagina|página)\b.{0,40}(?:non esiste|non è (?:più )?disponibile|bestaat niet|niet (?:gevonden|beschikbaar)|não (?:foi encontrada|existe|encontrada))|accesso negato|geen toegang|acesso negado",
        r"страниц\w*.{0,40}(?:не найден|не существует|удалена)|доступ (?:запрещ|закрыт|ограничен)|ページ(?:が|は)?(?:見つかりません|存在しません)|アクセスが拒否|(?:页面|网页|頁面).{0,12}(?:不存在|找不到|未找到|已删除)|访问被?拒绝|找不到.{0,6}(?:页面|网页)",
    ),
    "results": (
        r"\bno (?:results?|articles?|posts?|stories|matches)(?: (?:were|was|to|for|found|match\w*|available)\b|[.!]?$)|nothing (?:matched|found)|did not match any",
        r"(?:keine|ergab keine) (?:treffer|ergebnisse|artikel|beiträge)|aucun (?:résultat|article)|(?:pas de|0) résultats?",
        r"no (?:se han encontrado|se encontraron|hay) (?:resultados|noticias|artículos)|sin resultados|brak wyników|nie znaleziono (?:wyników|żadnych)",
        r"nessun (?:risultato|articolo)|geen (?:resultaten|artikelen)|nenhum (?:resultado|artigo)|ничего не найдено|нет результатов|(?:結果|記事)(?:は|が)(?:ありません|見つかりません)|没有找到|(?:未找到|暂无).{0,8}(?:结果|内容)",
    ),
}

# What else such pages say: words that explain a line of a page on which one of the patterns above was met.
_WEAK = (
    r"javascript|captcha|cookie|consent|privacy|personal(?:i[sz]ed)? (?:data|ads?|adverti|content)|partners?\b|vendors?\b|legitimate|your (?:browser|choices|device)|tracking|agree|accept|reject|decline|data processing"
    r"|e-?mail|password|remember me|sign up|register|account|subscri|log ?in|terms (?:of|and)|free articles|\$\d|redirect|browser|automatic|ddos|reload|reference|incident|ray id|supports?\b|search|spelling|home ?page|address|moved|mistyped|try again|contact|loading|please wait|links? below|server|why did this"
    r"|einwillig|zustimm|datenschutz|impressum|werbe|widerruf|akzept|ablehn|ihre[rn]? daten|einstellung|partner|abonn|passwort|kennwort|registr|konto|anmeld|benutzername|angemeldet|kündbar|testen|startseite|zurück|adresse|betreiber|vielleicht|möglicherweise|suchbegriff|bestätigen|zeichen|absenden|weitergeleitet|vorgang|netzwerk|laden|geladen|rechtlichen gründen|rubrik"
    r"|vie privée|confidentialité|données|partenaires|consentement|refuser|accepter|publicité|abonn|mot de passe|connect|compte|sans engagement|newsletter|accueil|moteur de recherche|lien\b|supprimé|administrateur|identifiant|adresse|incident|navigateur|case ci-dessous|chargement|orthographe|mots-clés|erreur|pare-feu"
    r"|privacidad|datos personales|socios|publicidad|rechazar|aceptar|suscri|navegar|contraseña|correo electrónico|sesión|cuenta|registr|acceder|portada|página principal|buscador|dirección|eliminad|permiso|servidor|referencia|incidente|unos (?:segundos|minutos)|conexión|captcha|otras palabras|legal|volver|código|mantenimiento|inténtalo|búsqueda"
    r"|prywatnoś|zgod|zgadzam|partner|danych|cookie|przeglądark|ustawieni|akcept|prenumerat|hasł|konto|zarejestruj|e-mail|logowa|zaloguj|strona główna|strony głównej|adres|usunięt|przeniesion|błąd|administrator|spróbuj|minut|sekund|serwer|captcha|robot|frazy|słow|ładowan|odśwież"
    r"|consenso|rifiuta|accett|abbona|pubblicità|toestemming|weiger|accepteer|abonne|wachtwoord|e-mailadres|zoek|consentimento|assin|senha|recusar|dados pessoais|согла|парол|подпис|почт|регистра|главн|попробуйте|адрес|cookie|同意|拒否|会員|パスワード|メール|トップページ|再読み込み|拒绝|密码|注册|邮箱|首页|重试|返回"
)


@cache
def of_kind(kind: str) -> re.Pattern[str]:
    """What only a page of a kind says."""
    return re.compile("|".join(_STRONG[kind]))


@cache
def beside() -> re.Pattern[str]:
    """What else pages without an article say."""
    return re.compile(_WEAK)


# A line that says when something was published, and nothing else of note.
STAMP = re.compile(
    r"\b\d+ (?:min(?:ute|uto|ut)?s?|h(?:our|eure|ora)s?|hrs?|days?|d[ií]as?|weeks?|semanas?|ore|giorni|minuti|uur|dagen|minuten) (?:ago|fa|geleden|atrás)"
    r"|\b(?:hace|há|il y a|vor) \d+ \w+|\b\d+ (?:minut\w*|godzin\w*|dni|dzień|час\w*|минут\w*|дн\w*) (?:temu|назад)|\d+ ?(?:分钟|小时|天|分|時間|日)前"
    r"|\b\d{1,2}[./-]\d{1,2}[./-](?:19|20)?\d\d\b|\b(?:19|20)\d\d[./-]\d{1,2}[./-]\d{1,2}\b|\b\d{1,2}\.? (?:de )?[^\W\d]{3,12}\.? (?:de )?(?:19|20)\d\d\b"
    r"|\b[^\W\d]{3,12}\.? \d{1,2}, (?:19|20)\d\d\b|(?:19|20)\d\d年\d{1,2}月\d{1,2}日|\b\d{1,2} ?[:h] ?\d\d\b"
    r"|^(?:yesterday|today|gestern|heute|hier|aujourd'hui|ayer|hoy|wczoraj|dzisiaj|ieri|oggi|gisteren|vandaag|ontem|hoje|вчера|сегодня|昨日|昨天)$"
)
