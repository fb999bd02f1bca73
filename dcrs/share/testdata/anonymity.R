# Made-up rows, and what R says of the people in them: classes of those with the
# same age band, gender, ethnic category and quintile, the distinct clients in each,
# and the distinct issues recorded. Base R only.
#
#   Rscript anonymity.R        writes anonymity.csv and anonymity.expected.csv
#
# Nobody in anonymity.csv is real.
set.seed(20260331)
n <- 900
clients <- 700
client <- sample(clients, n, replace = TRUE)
birth <- as.Date("1940-01-01") + sample(25000, clients, replace = TRUE)
gender <- sample(c("1", "2", "9", ""), clients, replace = TRUE, prob = c(.4, .55, .02, .03))
ethnic <- sample(c("A", "B", "H", "J", "M", ""), clients, replace = TRUE, prob = c(.7, .05, .08, .08, .05, .04))
quintile <- sample(c("1", "2", "3", "4", "5"), clients, replace = TRUE, prob = c(.5, .25, .1, .1, .05))
d <- data.frame(
  client_id = sprintf("C%04d", client),
  episode_id = sprintf("E%05d", seq_len(n)),
  service_code = "SYN1",
  date_of_birth = format(birth[client]),
  gender = gender[client],
  ethnic_category = ethnic[client],
  imd_quintile = quintile[client],
  imd_edition = "2019",
  primary_issue = sample(c("diet", "exercise", "smoking", "alcohol", ""), n, replace = TRUE, prob = c(.4, .2, .1, .1, .2)),
  consent = sample(c("Y", "N", ""), n, replace = TRUE, prob = c(.8, .1, .1))
)
write.csv(d, "anonymity.csv", row.names = FALSE, quote = FALSE)

# Whole years on 2025-04-01, counted as birthdays that have been reached.
age <- function(born, on) {
  y <- as.integer(format(on, "%Y")) - as.integer(format(born, "%Y"))
  y - (format(on, "%m%d") < format(born, "%m%d"))
}
s <- d[d$consent == "Y", ]
a <- age(as.Date(s$date_of_birth), as.Date("2025-04-01"))
s$band <- cut(a, c(-1, 17, 24, 34, 44, 54, 64, 74, 200))
s$class <- interaction(s$band, s$gender, s$ethnic_category, s$imd_quintile, drop = TRUE)

describe <- function(s, label) {
  people <- tapply(s$client_id, s$class, function(x) length(unique(x)))
  people <- people[!is.na(people)]
  rows <- table(factor(s$class))
  rows <- rows[names(people)]
  l <- tapply(s$primary_issue, s$class, function(x) length(unique(x[x != ""])))
  l <- l[names(people)]
  data.frame(
    what = label, rows = nrow(s), classes = length(people), smallest_k = min(people),
    classes_below = sum(people < 5), rows_below = sum(rows[people < 5]), rows_unique = sum(rows[people == 1]),
    smallest_l = min(l[l > 0]), classes_one = sum(l == 1), rows_one = sum(rows[l == 1]), classes_blank = sum(l == 0)
  )
}
people <- tapply(s$client_id, s$class, function(x) length(unique(x)))
l <- tapply(s$primary_issue, s$class, function(x) length(unique(x[x != ""])))
k5 <- s[people[as.character(s$class)] >= 5, ]
k5$class <- factor(k5$class)
k5l3 <- s[people[as.character(s$class)] >= 5 & !(l[as.character(s$class)] %in% 1:2), ]
k5l3$class <- factor(k5l3$class)
# Blanked: the small classes become one.
few <- people[as.character(s$class)] < 5
one <- s
one$class <- ifelse(few, "blank", as.character(one$class))
write.csv(rbind(describe(s, "all"), describe(k5, "k5"), describe(k5l3, "k5l3"), describe(one, "blanked")),
  "anonymity.expected.csv", row.names = FALSE, quote = FALSE)
