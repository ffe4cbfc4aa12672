"""Invented casts of many origins: typical given names and family names, nobody in particular.

`she` and `he` keep a title true to a name. The last cast is of real-sounding names that look rude to a filter.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Origin:
    """The names of one cast; there are as many given names, and families, as the largest roster needs."""

    name: str
    she: tuple[str, ...]
    he: tuple[str, ...]
    family: tuple[str, ...]
    looks_rude: bool = False


def _origin(name: str, she: str, he: str, family: str, *, looks_rude: bool = False) -> Origin:
    return Origin(name, tuple(she.split()), tuple(he.split()), tuple(family.split()), looks_rude)


ORIGINS = (
    _origin(
        "British",
        "Karen Sophie Helen Laura Gemma Joanne Emma Lucy Hannah Rachel Nicola Alison Donna Tracey Kelly Zoe Abigail "
        "Bethany Megan Charlotte Heather Lorraine",
        "James Thomas Daniel Andrew Matthew Simon Stephen Gareth Craig Lee Stuart Neil Martin Adam Luke Oliver Harry "
        "Callum Connor Jake Nathan Graham",
        "Ashworth Barnes Clegg Dawson Eastwood Fletcher Garside Hartley Illingworth Jepson Kershaw Longbottom Metcalfe "
        "Naylor Ogden Pickles Ramsden Sutcliffe Thackray Umpleby Varley Whitaker Yardley Holroyd Ackroyd Bairstow",
    ),
    _origin(
        "Pakistani",
        "Ayesha Fatima Zainab Sana Nadia Rabia Saima Hina Mehwish Sadia Bushra Amina Khadija Noor Iqra Maryam Shazia "
        "Uzma Farah Tahira Rukhsana Samina",
        "Imran Usman Bilal Hamza Faisal Tariq Asif Kamran Adnan Zeeshan Shahid Nadeem Waqas Junaid Rizwan Omar Saad "
        "Yasir Khalid Arshad Naveed Farhan",
        "Khan Ahmed Malik Hussain Iqbal Chaudhry Mirza Qureshi Butt Siddiqui Akhtar Rashid Javed Aslam Bashir Sheikh "
        "Rafiq Mahmood Zafar Anwar Nawaz Ashraf Saleem Haider Latif Yousaf",
    ),
    _origin(
        "Indian",
        "Priya Anjali Divya Kavita Neha Pooja Sunita Meera Lakshmi Deepika Swati Rekha Shreya Anita Geeta Nisha Radha "
        "Ishita Harpreet Simran Jaspreet Manisha",
        "Rahul Amit Vikram Sanjay Arjun Rohan Anil Suresh Rajesh Karthik Nikhil Manoj Deepak Vivek Ashok Gurpreet "
        "Harjit Balwinder Kunal Pranav Siddharth Varun",
        "Patel Sharma Singh Gupta Nair Iyer Reddy Mehta Kapoor Desai Joshi Banerjee Chatterjee Verma Rao Menon Shah "
        "Gill Sandhu Dhillon Bhatt Trivedi Kulkarni Pillai Saxena Agarwal",
    ),
    _origin(
        "Polish",
        "Agnieszka Katarzyna Magdalena Joanna Monika Ewa Beata Dorota Izabela Justyna Karolina Małgorzata Natalia "
        "Paulina Renata Sylwia Urszula Weronika Zofia Kinga Aneta Halina",
        "Krzysztof Piotr Tomasz Paweł Marcin Michał Grzegorz Jakub Łukasz Mateusz Wojciech Bartosz Dariusz Rafał "
        "Sławomir Zbigniew Jarosław Kamil Dominik Szymon Mariusz Tadeusz",
        "Nowak Kowalska Wiśniewska Wójcik Kowalczyk Kamińska Lewandowska Zielińska Szymańska Woźniak Dąbrowska "
        "Kozłowska Jankowska Mazur Krawczyk Piotrowska Grabowska Pawłowska Michalska Król Wieczorek Jabłońska Wróbel "
        "Majewska Olszewska Stępień",
    ),
    _origin(
        "Nigerian",
        "Ngozi Chioma Adaeze Folake Yetunde Titilayo Amaka Ifeoma Bukola Omolara Funmilayo Temitope Uchenna Nneka "
        "Oluchi Ronke Sade Ebele Kemi Halima Zainabu Ijeoma",
        "Chidi Emeka Olumide Babatunde Tunde Segun Obinna Ikenna Femi Kayode Chukwudi Adebayo Uche Oluwaseun Gbenga "
        "Musa Ibrahima Dayo Nnamdi Kelechi Tobenna Ayodele",
        "Okafor Adeyemi Okonkwo Balogun Eze Onwudiwe Nwosu Ogunleye Olawale Chukwu Afolabi Nwachukwu Obi Akintola "
        "Oyelaran Uzoma Danjuma Okeke Ajayi Bello Igwe Onyeka Fashola Abiodun Ekwueme Oladipo",
    ),
    _origin(
        "Chinese",
        "Mei Xiaoyan Lihua Yuting Jing Fang Hui Yanling Xiuying Qian Ling Shuang Wenjing Yifei Ruolan Meilin Jiayi "
        "Suyin Peiling Zihan Xinyi Yulan",
        "Wei Jun Jianguo Haoran Zhiqiang Minghao Tao Peng Guowei Yichen Bowen Zixuan Liang Chao Dong Feng Shaoqi Kai "
        "Hongwei Xiaoming Jianhua Renjie",
        "Zhang Wang Li Chen Liu Huang Zhao Wu Zhou Xu Sun Ma Zhu Hu Guo Lin Gao Luo Zheng Yuan Xie Tang Deng Shen "
        "Cheng Cai",
    ),
    _origin(
        "Arab",
        "Layla Rania Huda Mona Salma Yasmin Rasha Dalia Hanan Noura Samira Amal Lina Reem Dina Maha Ghada Wafaa Nawal "
        "Zahra Basma Rawan",
        "Ahmad Mahmoud Youssef Khaled Hassan Karim Tarek Walid Nabil Sami Fadi Ziad Marwan Bassam Jamal Rami Osama "
        "Hisham Mustafa Ammar Anas Laith",
        "Haddad Mansour Khoury Nasser Saleh Farouk Darwish Awad Hamdan Issa Jaber Kassem Najjar Othman Qasim Rahman "
        "Sabbagh Taha Zayed Barakat Shaheen Fayed Masri Sulaiman Ghanem Abboud",
    ),
    _origin(
        "Romanian",
        "Andreea Ioana Mihaela Elena Cristina Raluca Alexandra Simona Daniela Gabriela Roxana Oana Adina Laurentia "
        "Corina Camelia Florentina Diana Bianca Anca Loredana Mirela",
        "Andrei Mihai Ionut Radu Bogdan Cristian Florin Vlad Adrian Sorin Catalin Gheorghe Marius Ciprian Dragos "
        "Valentin Razvan Liviu Cosmin Octavian Nicolae Tudor",
        "Popescu Ionescu Dumitrescu Stan Munteanu Stoica Gheorghiu Rusu Matei Constantin Moldovan Lungu Ciobanu "
        "Serban Lazar Tudose Petrescu Florea Dinu Barbu Cojocaru Nistor Neagu Oprea Vasile Manole",
    ),
    _origin(
        "Somali",
        "Hodan Ayaan Ifrah Sahra Fadumo Hibaaq Deqa Ubah Asha Idil Nasteho Ladan Sagal Filsan Kowsar Hamdi Muna Istar "
        "Zamzam Shukri Bilan Habiba",
        "Abdi Abdirahman Mohamud Warsame Guled Yusuf Liban Mahad Ismail Geedi Abdullahi Hussein Jama Bile Roble "
        "Mustaf Zakariye Ayanle Khadar Sharmarke Cabdi Daud",
        "Ali Mohamed Hassan Ahmed Nur Osman Omar Aden Hersi Dualeh Egal Samatar Shire Elmi Gedi Haji Isse Jimale Kahin "
        "Mire Noor Abdulle Sheikhdon Warfa Yonis Duale",
    ),
    _origin(
        "Caribbean",
        "Shanice Latoya Marcia Sonia Beverley Keisha Tamara Natasha Renee Jacinta Yolanda Monique Claudette Patrice "
        "Simone Shaniqua Alecia Paulette Nadine Cherelle Rhianna Verona",
        "Delroy Winston Leroy Marlon Tyrone Dwayne Errol Desmond Jermaine Devon Clive Lloyd Curtis Andre Darnell "
        "Kemar Rohanne Trevor Nevaughn Omari Shaquille Javon",
        "Campbell Grantley Clarke Bailey Francis Gordon Morgan Reid Henry Joseph Blackwood Lewis Powell Baptiste "
        "Charles Walcott Garvey Beckford Pinnock Morrison Hinds Sobers Greenidge Haynes Ambrose Lara",
    ),
    _origin(
        "rude-looking",
        "Fanny Gay Willa Dixie Kitty Randi Titty Bonnie Cherry Roxy Muffy Ophelia Gigi Lulu Dolly Candy Peaches Ginger "
        "Trixie Angel Velvet Honey",
        "Dick Willy Randy Rod Peter Woody Johnson Gaylord Aziz Fuk Dong Wang Phuc Cocky Adolf Rusty Butch Dickie "
        "Johnny Ramsbottom Bernie Dikshit",
        "Cockburn Dickinson Slagg Hoare Shufflebottom Sidebottom Titmuss Bastard Cockshott Dicks Gaylor Hancock "
        "Wankling Shittu Fucks Assman Balls Crapper Kuntz Pratt Tittensor Cumming Gotobed Smellie Knobbs Allcock",
        looks_rude=True,
    ),
)
