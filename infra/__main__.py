from infra.stack import main

main()
